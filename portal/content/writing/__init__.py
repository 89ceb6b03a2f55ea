"""Checks while writing: what an editor should mend before readers meet it, said in words and with the place.

`texts.check(…)` looks at one text, `panel` shows the findings of a form, `forms` refuses what must never be saved.
"""
