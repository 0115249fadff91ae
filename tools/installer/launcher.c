/* Starts one of the two programs: loads the Python beside it and lets it run the start file of the same name.

   The Python is a library in this process: Windows shows the program by its own name and icon, Ctrl+C and the exit
   status go the usual way. Only the folder of this file is looked into, never the one that the person stands in. */

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

#include "names.h"

typedef int (*python_main)(int, wchar_t **);

static const wchar_t *PYTHON = L"runtime\\python313.dll";
enum { LONGEST = 32768 };

static int complain(const wchar_t *sentence, const wchar_t *about) {
    static wchar_t text[LONGEST + 256];
    _snwprintf(text, LONGEST + 255, L"%ls\n\n%ls\n\nInstall CM-Xero Desk again.", sentence, about);
#ifdef WITH_WINDOW
    MessageBoxW(NULL, text, L"CM-Xero Desk", MB_OK | MB_ICONERROR);
#else
    fwprintf(stderr, L"%ls\n", text);
#endif
    return 1;
}

static int run(int count, wchar_t **words) {
    static wchar_t folder[LONGEST], library[LONGEST], start[LONGEST];
    DWORD length = GetModuleFileNameW(NULL, folder, LONGEST);
    if (length == 0 || length >= LONGEST - 64)
        return complain(L"CM-Xero Desk cannot tell where it lies.", L"");
    wchar_t *name = wcsrchr(folder, L'\\');
    *name++ = L'\0';
    wchar_t *dot = wcsrchr(name, L'.');
    if (dot)
        *dot = L'\0';
    _snwprintf(library, LONGEST - 1, L"%ls\\%ls", folder, PYTHON);
    _snwprintf(start, LONGEST - 1, L"%ls\\runtime\\start\\%ls.py", folder, START);
    SetDllDirectoryW(L"");
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!python)
        return complain(L"A part of CM-Xero Desk is missing or damaged:", library);
    python_main start_python = (python_main)(void *)GetProcAddress(python, "Py_Main");
    if (!start_python)
        return complain(L"A part of CM-Xero Desk is not what it should be:", library);
    wchar_t **asked = calloc((size_t)count + 3, sizeof *asked);
    if (!asked)
        return complain(L"There is no memory left.", L"");
    int given = 0;
    asked[given++] = words[0];
    asked[given++] = L"-B";
    asked[given++] = start;
    for (int each = 1; each < count; each++)
        asked[given++] = words[each];
    return start_python(given, asked);
}

#ifdef WITH_WINDOW
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, PWSTR line, int shown) {
    (void)self, (void)before, (void)line, (void)shown;
    return run(__argc, __wargv);
}
#else
int wmain(int count, wchar_t **words) {
    return run(count, words);
}
#endif
