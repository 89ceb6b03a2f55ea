// Checks while writing: sends the texts of the form a moment after the last key and shows what the server says of them.
// Without this file the panel shows what was found when the form was opened or sent.
{
  const panel = document.querySelector(".text-check[data-url]");
  const form = panel?.closest("form");
  const body = panel?.querySelector(".text-check-body");
  const PAUSE = 1500;
  const BLOCKS = "P,H1,H2,H3,H4,LI,TD,TH,CAPTION,BLOCKQUOTE,DIV,BR,TABLE,UL,OL,SECTION";
  const pasted = {}; // by field: what the editor's own filter takes out before anybody sees it
  let timer, isSent = false, isStale = false, last = "";

  const editorOf = (id) => window.CKEDITOR?.instances?.[id];
  const written = () => [...form.querySelectorAll("textarea, input.vTextField")].filter((field) => !field.name.includes("__prefix__"));
  const labelOf = (field) => (field.labels?.[0]?.textContent ?? "").trim().replace(/:$/, "");
  const texts = () => written()
    .map((field) => {
      const editor = editorOf(field.id);
      return { field: field.id, label: labelOf(field), value: editor ? editor.getData() : field.value, isRich: Boolean(editor), pasted: [...(pasted[field.id] ?? [])] };
    })
    .filter((text) => text.value || text.pasted.length);

  const check = async () => {
    if (isSent) {
      isStale = true;
      return;
    }
    const wanted = JSON.stringify({ texts: texts() });
    if (wanted === last) return;
    isSent = true;
    isStale = false;
    try {
      const answer = await fetch(panel.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
        body: wanted,
      });
      if (answer.ok && !answer.redirected) {
        show(await answer.text());
        last = wanted;
      }
    } catch { /* no connection: what was shown stays, and the next key tries again */ } finally {
      isSent = false;
      if (isStale) later();
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  };

  // The line that is read aloud stays the same element, so that it is read only when its words change.
  const show = (html) => {
    const made = document.createElement("div");
    made.innerHTML = html;
    const line = body.querySelector(".text-check-count");
    const newLine = made.querySelector(".text-check-count");
    if (line.textContent.trim() !== newLine.textContent.trim()) line.replaceChildren(...newLine.childNodes);
    const list = body.querySelector(".text-check-list");
    const newList = made.querySelector(".text-check-list");
    if (list?.outerHTML === newList?.outerHTML) return;
    const focused = list?.contains(document.activeElement) ? [...list.querySelectorAll("a")].indexOf(document.activeElement) : -1;
    list?.remove();
    if (newList) body.append(newList);
    if (focused >= 0) (newList?.querySelectorAll("a")[focused] ?? newList?.querySelector("a") ?? panel).focus();
  };

  // Going to a place: the words of the editor in one string, with the node of each letter.
  const letters = (root) => {
    const nodes = [];
    let words = "";
    const space = () => {
      if (words && !words.endsWith(" ")) {
        words += " ";
        nodes.push(null);
      }
    };
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        for (let index = 0; index < node.data.length; index += 1) {
          const letter = node.data[index];
          const isSpace = /\s/.test(letter);
          if (letter === "\u200b" || (isSpace && (!words || words.endsWith(" ")))) continue;
          words += isSpace ? " " : letter;
          nodes.push([node, index]);
        }
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const isBlock = node.matches(BLOCKS);
      if (isBlock) space();
      node.childNodes.forEach(walk);
      if (isBlock) space();
    };
    walk(root);
    return { words, nodes };
  };
  const nthIndex = (words, snippet, nth) => {
    let found = words.indexOf(snippet);
    for (let count = 0; count < nth && found >= 0; count += 1) {
      const next = words.indexOf(snippet, found + snippet.length);
      if (next < 0) break;
      found = next;
    }
    return found;
  };
  const selectInEditor = (editor, snippet, nth) => {
    const root = editor.editable().$;
    editor.focus();
    const { words, nodes } = letters(root);
    const from = snippet ? nthIndex(words, snippet, nth) : -1;
    if (from < 0) {
      root.scrollIntoView({ block: "center" });
      return;
    }
    const range = document.createRange();
    const [first, last] = [nodes[from], nodes[from + snippet.length - 1]];
    range.setStart(first[0], first[1]);
    range.setEnd(last[0], last[1] + 1);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    first[0].parentElement.scrollIntoView({ block: "center" });
  };
  const selectInField = (field, snippet, nth) => {
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.scrollIntoView({ block: "center" });
    // Spaces are single in the snippet, and as they were typed in the field.
    const pattern = snippet.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const found = snippet ? [...field.value.matchAll(new RegExp(pattern, "g"))] : [];
    const place = found[Math.min(nth, found.length - 1)];
    if (place && field.setSelectionRange) field.setSelectionRange(place.index, place.index + place[0].length);
  };

  if (panel) {
    panel.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-field]");
      const field = link && document.getElementById(link.dataset.field);
      if (!field) return;
      event.preventDefault();
      const editor = editorOf(field.id);
      const nth = Number(link.dataset.nth);
      if (editor) selectInEditor(editor, link.dataset.snippet, nth);
      else selectInField(field, link.dataset.snippet, nth);
    });
    form.addEventListener("input", later);
    const watch = (editor) => {
      editor.on("change", later);
      // Before the editor's filter: afterwards nobody knows what was there.
      editor.on("paste", ({ data }) => {
        const seen = pasted[editor.name] ??= new Set();
        if (/<(img|picture|svg|v:imagedata)\b/i.test(data.dataValue)) seen.add("picture");
        if (/class="?'?Mso|mso-|urn:schemas-microsoft-com|docs-internal-guid|<o:p|content="(LibreOffice|Microsoft)/i.test(data.dataValue)) seen.add("word");
      }, null, null, 1);
    };
    Object.values(window.CKEDITOR?.instances ?? {}).filter((editor) => editor.status === "ready").forEach(watch);
    window.CKEDITOR?.on("instanceReady", ({ editor }) => watch(editor));
  }
}
