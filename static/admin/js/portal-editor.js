// CKEditor's dialogs as this site needs them. Loaded after ckeditor.js (portal/content/richtext.py).
CKEDITOR.on("dialogDefinition", ({ data: { name, definition } }) => {
  if (name === "table" || name === "tableProperties") {
    const info = definition.getContents("info");
    // A table without headers cannot be read by those who hear it.
    info.get("selHeaders").default = "row";
    for (const field of ["txtBorder", "cmbAlign", "txtWidth", "txtHeight", "txtCellSpace", "txtCellPad"]) info.remove(field);
    definition.removeContents("advanced");
  }
  if (name === "link") {
    // "upload" builds a frame with an inline script, which the site's policy refuses; attachments have their own place.
    for (const tab of ["target", "advanced", "upload"]) definition.removeContents(tab);
  }
});
