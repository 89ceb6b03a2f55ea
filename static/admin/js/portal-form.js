// The form says what its publishing button will do, and warns before unsaved text is left. Without this file the button
// keeps the words it was sent with.
{
  const form = document.querySelector("#content-main form[id$='_form']");
  const button = form?.querySelector("button[name='_publish'][data-later]");
  const day = form?.querySelector("#id_publish_at_0");
  const hour = form?.querySelector("#id_publish_at_1");

  const moment = () => {
    const [date, month, year] = day.value.split(".").map(Number);
    const [hours, minutes] = (hour.value || "0:0").split(":").map(Number);
    return /^\d{4}-/.test(day.value) ? new Date(`${day.value}T${hour.value || "00:00"}`) : new Date(year, month - 1, date, hours, minutes);
  };
  const nameButton = () => {
    const when = moment();
    if (Number.isNaN(when.getTime()) || when <= new Date()) {
      button.textContent = button.dataset.now;
      return;
    }
    const year = when.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
    const words = when.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year });
    const time = `${when.getHours()}:${String(when.getMinutes()).padStart(2, "0")}`;
    button.textContent = button.dataset.later.replace("%(when)s", button.dataset.moment.replace("%(day)s", words).replace("%(hour)s", time));
  };
  if (button && day && hour) {
    for (const field of [day, hour]) for (const type of ["change", "input", "focus"]) field.addEventListener(type, nameButton);
    nameButton();
  }

  let isChanged = false;
  const editorsAreChanged = () => Object.values(window.CKEDITOR?.instances ?? {}).some((editor) => editor.checkDirty());
  form?.addEventListener("input", () => { isChanged = true; });
  form?.addEventListener("submit", (event) => { if (event.submitter?.formTarget !== "_blank") form.dataset.isSent = "yes"; });
  window.addEventListener("beforeunload", (event) => {
    if (form && !form.dataset.isSent && (isChanged || editorsAreChanged())) event.preventDefault();
  });
}
