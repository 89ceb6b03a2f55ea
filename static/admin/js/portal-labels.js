// Names the boxes that Select2 puts over a choice: it gives them no label of their own.
{
  const name = (select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.nextElementSibling;
    if (!label || !box?.classList.contains("select2")) return;
    label.id ||= `${select.id}_label`;
    const shown = box.querySelector(".select2-selection__rendered");
    shown?.setAttribute("aria-labelledby", label.id);
    box.querySelector("[role='combobox']")?.setAttribute("aria-labelledby", `${label.id} ${shown?.id ?? ""}`);
    box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
  };
  const nameAll = () => document.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible").forEach(name);
  django.jQuery(() => setTimeout(nameAll));
  document.addEventListener("formset:added", () => setTimeout(nameAll));
  django.jQuery(document).on("select2:open", ({ target }) => {
    const label = document.querySelector(`label[for="${target.id}"]`);
    document.querySelector(".select2-container--open .select2-dropdown .select2-search__field")?.setAttribute("aria-label", label?.textContent ?? "");
  });
}
