"""How to settle a matter (`/sprawy/`): cards by life situation and by unit."""
