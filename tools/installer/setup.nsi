; The setup program: for one person, without an administrator, over an older version while that runs, silently with /S.
; BUNDLE, VERSION, NUMBERS, WEIGHT_KB and TARGET come with the call.

Unicode true
; The starter of the setup itself is then a 64-bit program too.
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDatablockOptimize on

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh

!define PRODUCT "CM-Xero Desk"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PRODUCT}"
!define OWN_KEY "Software\${PRODUCT}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
; What a person switched off in Windows' own settings or its Task Manager.
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
; What started at sign-in before this setup.
Var StartedBefore
; How long a program that was asked to close may take: it finishes what it is writing.
!define PATIENCE_TRIES 120
!define EVERY_MS 500
; How long a file may be held by a virus scanner or a backup.
!define HELD_TRIES 20
; Where the new version is laid, and where the old one lies while the new one takes its place.
!define LAID "$INSTDIR\cm-xero-desk.new"
!define ASIDE "$INSTDIR\cm-xero-desk.old"

Name "${PRODUCT}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${PRODUCT}"
InstallDirRegKey HKCU "${OWN_KEY}" "Folder"
BrandingText "${PRODUCT} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${PRODUCT}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${PRODUCT} setup"
VIAddVersionKey "CompanyName" "CM-Xero Desk contributors"
VIAddVersionKey "LegalCopyright" "MIT licence"

!ifdef SIGN
  !uninstfinalize '${SIGN} -in "%1" -out "%1.signed" && mv "%1.signed" "%1"' = 0
!endif

!define MUI_ICON "app.ico"
!define MUI_UNICON "app.ico"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "${PRODUCT} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "This installs ${PRODUCT} for you alone, without an administrator.$\r$\n$\r$\nIf an older version is there, it is replaced; your settings, records and audit trail stay as they are. If it is running, it is asked to close first and finishes what it is writing.$\r$\n$\r$\nNothing is sent anywhere, and nothing starts by itself unless you tick it."
!define MUI_FINISHPAGE_RUN "$INSTDIR\cmxero-desktop.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Start ${PRODUCT}"
!define MUI_FINISHPAGE_RUN_NOTCHECKED
!define MUI_UNCONFIRMPAGE_TEXT_TOP "The program is removed. What is yours stays: settings, records and audit trail in $LOCALAPPDATA\cm-xero-desk, and the sign-in to Xero in Windows' Credential Manager. To forget the sign-in as well, run $\"cmxero disconnect$\" first."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Leave with a sentence where the program still runs: nobody can write a library that is in use.
!macro WAIT_UNTIL_CLOSED un
Function ${un}WaitUntilClosed
  ${IfNot} ${FileExists} "$INSTDIR\runtime\python313.dll"
    Return
  ${EndIf}
  ; As a person quits it: what it is writing is finished first.
  nsExec::Exec '"$INSTDIR\cmxero-desktop.exe" --quit'
  Pop $0
  StrCpy $1 0
  ${Do}
    ClearErrors
    FileOpen $2 "$INSTDIR\runtime\python313.dll" a
    ${IfNot} ${Errors}
      FileClose $2
      Return
    ${EndIf}
    IntOp $1 $1 + 1
    Sleep ${EVERY_MS}
  ${LoopUntil} $1 >= ${PATIENCE_TRIES}
  MessageBox MB_OK|MB_ICONEXCLAMATION "${PRODUCT} is still running: it is doing something, or waits for an answer. Close it (File, Quit; also in the tray), then start this again. Nothing was changed." /SD IDOK
  SetErrorLevel 3
  Abort "${PRODUCT} is still running. Nothing was changed."
FunctionEnd
!macroend
!insertmacro WAIT_UNTIL_CLOSED ""
!insertmacro WAIT_UNTIL_CLOSED "un."

Function un.onInit
  SetShellVarContext current
FunctionEnd

; Whatever else lies in a folder is somebody's own, and what is called as a part of ours would be deleted.
Function RequireOwnFolder
  ${If} ${FileExists} "$INSTDIR\cmxero-desktop.exe"
  ${OrIf} ${FileExists} "${LAID}\*.*"
  ${OrIf} ${FileExists} "${ASIDE}\*.*"
    Return
  ${EndIf}
  FindFirst $0 $1 "$INSTDIR\*.*"
  ${DoWhile} $1 != ""
    ${If} $1 != "."
    ${AndIf} $1 != ".."
      FindClose $0
      MessageBox MB_OK|MB_ICONEXCLAMATION "There are other files in $INSTDIR. Choose an empty folder, or one that is not there yet. Nothing was changed." /SD IDOK
      SetErrorLevel 2
      Abort "There are other files in $INSTDIR. Nothing was changed."
    ${EndIf}
    FindNext $0 $1
  ${Loop}
  FindClose $0
FunctionEnd

; Moves the part $2 from the folder $0 to the folder $1, if it is there; $3 is 1 where it cannot be moved.
Function MovePart
  StrCpy $3 0
  StrCpy $4 0
  ${IfNot} ${FileExists} "$0\$2"
    Return
  ${EndIf}
  ${Do}
    ClearErrors
    Rename "$0\$2" "$1\$2"
    ${IfNot} ${Errors}
      Return
    ${EndIf}
    IntOp $4 $4 + 1
    Sleep ${EVERY_MS}
  ${LoopUntil} $4 >= ${HELD_TRIES}
  StrCpy $3 1
FunctionEnd

!macro MOVE_PART NAME
  StrCpy $2 "${NAME}"
  Call MovePart
  ${If} $3 = 1
    Return
  ${EndIf}
!macroend
Function MoveParts
  !insertmacro MOVE_PART "runtime"
  !insertmacro MOVE_PART "licences"
  !insertmacro MOVE_PART "cmxero.exe"
  !insertmacro MOVE_PART "cmxero-desktop.exe"
FunctionEnd
!macro MOVE_ALL FROM TO
  StrCpy $0 "${FROM}"
  StrCpy $1 "${TO}"
  Call MoveParts
!macroend

Section "${PRODUCT}" SecProgram
  SectionIn RO
  Call RequireOwnFolder
  Call WaitUntilClosed
  ; The new version is laid beside the old one first: whatever goes wrong until then leaves that as it is.
  RMDir /r "${LAID}"
  SetOutPath "${LAID}"
  ClearErrors
  File /r "${BUNDLE}/*"
  ${If} ${Errors}
    SetOutPath "$TEMP"
    RMDir /r "${LAID}"
    SetErrorLevel 2
    Abort "The files could not be written to $INSTDIR. Nothing was changed."
  ${EndIf}
  SetOutPath "$INSTDIR"
  RMDir /r "${ASIDE}"
  CreateDirectory "${ASIDE}"
  !insertmacro MOVE_ALL "$INSTDIR" "${ASIDE}"
  ${If} $3 = 0
    !insertmacro MOVE_ALL "${LAID}" "$INSTDIR"
    ${If} $3 = 1
      !insertmacro MOVE_ALL "$INSTDIR" "${LAID}"
      StrCpy $3 1
    ${EndIf}
  ${EndIf}
  ${If} $3 = 1
    !insertmacro MOVE_ALL "${ASIDE}" "$INSTDIR"
    RMDir /r "${LAID}"
    ; Only if all of it is back.
    RMDir "${ASIDE}"
    MessageBox MB_OK|MB_ICONEXCLAMATION "Another program, such as a virus scanner or a backup, has a file of ${PRODUCT} open. Start this again in a minute. Nothing was changed." /SD IDOK
    SetErrorLevel 2
    Abort "Another program has a file of ${PRODUCT} open. Nothing was changed."
  ${EndIf}
  RMDir /r "${LAID}"
  ; What is still held there goes with the next version, or with the program.
  RMDir /r "${ASIDE}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\cmxero-desktop.exe" "" "$INSTDIR\cmxero-desktop.exe" 0 SW_SHOWNORMAL "" "Keeps Case Manager's payments a true copy of Xero's"
  WriteRegStr HKCU "${OWN_KEY}" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\cmxero-desktop.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "CM-Xero Desk contributors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${WEIGHT_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  DeleteRegValue HKCU "${RUN_KEY}" "${PRODUCT}"
SectionEnd

; Off until a person ticks it, or says /AUTOSTART to a silent setup.
Section /o "Start in the tray when I sign in" SecAutostart
  StrCpy $0 '"$INSTDIR\cmxero-desktop.exe" --hidden'
  ; An upgrade keeps what the program wrote behind it: the folder of a desk that is not the usual one.
  StrLen $1 $0
  StrCpy $2 $StartedBefore $1
  ${If} $2 == $0
    StrCpy $0 $StartedBefore
  ${EndIf}
  WriteRegStr HKCU "${RUN_KEY}" "${PRODUCT}" $0
  ; Who ticks it anew wants it, whatever was switched off long ago.
  ${If} $StartedBefore == ""
    DeleteRegValue HKCU "${APPROVED_KEY}" "${PRODUCT}"
  ${EndIf}
SectionEnd

Function .onInit
  SetShellVarContext current
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/AUTOSTART" $1
  ${IfNot} ${Errors}
    !insertmacro SelectSection ${SecAutostart}
  ${EndIf}
  ; What was ticked once stays ticked at an upgrade, until a person unticks it.
  ReadRegStr $StartedBefore HKCU "${RUN_KEY}" "${PRODUCT}"
  ${If} $StartedBefore != ""
    !insertmacro SelectSection ${SecAutostart}
  ${EndIf}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SecProgram} "The window, the command line cmxero, and an entry in the start menu."
  !insertmacro MUI_DESCRIPTION_TEXT ${SecAutostart} "Checks Xero from the tray without the window being opened. Nothing is written without an approval."
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Section "Uninstall"
  Call un.WaitUntilClosed
  RMDir /r "$INSTDIR\runtime"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "${LAID}"
  RMDir /r "${ASIDE}"
  Delete "$INSTDIR\cmxero.exe"
  Delete "$INSTDIR\cmxero-desktop.exe"
  Delete "$INSTDIR\uninstall.exe"
  ; Only if nothing of a person's own lies there.
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${OWN_KEY}"
  DeleteRegValue HKCU "${RUN_KEY}" "${PRODUCT}"
  DeleteRegValue HKCU "${APPROVED_KEY}" "${PRODUCT}"
  DetailPrint "What is yours stays: settings, records and audit trail in $LOCALAPPDATA\cm-xero-desk, and the sign-in to Xero in Windows' Credential Manager."
SectionEnd
