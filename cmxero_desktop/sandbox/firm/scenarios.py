"""Every named situation that the invented firm holds, in the order of their numbers."""

from cmxero_desktop.sandbox.firm.exception_scenarios import EXCEPTION_SCENARIOS
from cmxero_desktop.sandbox.firm.pairing_scenarios import MATCHING_SCENARIOS
from cmxero_desktop.sandbox.firm.sor_scenarios import SOR_SCENARIOS

SCENARIOS = (*MATCHING_SCENARIOS, *EXCEPTION_SCENARIOS, *SOR_SCENARIOS)
