// Keeps what is typed on the server as a private draft: soon after the last key, and when the window is hidden or
// closed. A form opened before the session ended goes on after signing in again in another window.
{
  const state = document.querySelector("#draft-state");
  const form = state?.closest("form");
  const AFTER_TYPING = 2000, AT_LEAST_EVERY = 10000; // milliseconds
  const openedAt = Date.now(), ASK_AFTER = 15 * 60 * 1000;
  let isAsked = false, isDirty = false, isSending = false, timer = 0, lastKept = 0, lastSent = "";

  const say = (words, isWrong = false) => {
    state.textContent = words;
    state.classList.toggle("is-wrong", isWrong);
  };
  const content = () => {
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) editor.updateElement();
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("_object", state.dataset.object);
    return data;
  };
  const textOf = (data) => JSON.stringify([...data].filter(([name]) => name !== "csrfmiddlewaretoken"));
  const useToken = (token) => document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });

  // Signing in changes the token that every form carries, also those that were opened before.
  const isSignedIn = async () => {
    const answer = await fetch(state.dataset.sessionUrl, { headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (said.logged_in) useToken(said.token);
    return said.logged_in;
  };

  const signedOut = () => {
    say(`${state.dataset.signedOut} `, true);
    const link = document.createElement("a");
    link.href = state.dataset.loginUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = state.dataset.signIn;
    state.append(link);
  };

  const keep = async ({ isLeaving = false } = {}) => {
    clearTimeout(timer);
    timer = 0;
    if (!isDirty || form.dataset.isSent || (isSending && !isLeaving)) return;
    const data = content(), text = textOf(data);
    if (text === lastSent) { isDirty = false; return; }
    isSending = true;
    isDirty = false;
    try {
      // Up to 64 kB a browser finishes sending even when the window is gone.
      const answer = await fetch(state.dataset.url, { method: "POST", body: data, redirect: "manual", keepalive: isLeaving && text.length < 50000, headers: { Accept: "application/json" } });
      if (answer.type === "opaqueredirect" || answer.status === 403) { isDirty = true; return signedOut(); }
      const said = await answer.json();
      if (answer.status === 409) {  // saved or discarded in another window: what is typed from now on is a text of its own
        form.elements._draft.value = said.next;
        isDirty = true;
        return;
      }
      if (!answer.ok) return say(state.dataset.failed.replace("{why}", said.error ?? answer.status), true);
      useToken(said.token);
      [lastSent, lastKept] = [text, Date.now()];
      say(state.dataset.kept.replace("{time}", said.saved));
    } catch {
      isDirty = true;
      say(state.dataset.offline, true);
      plan(5000);
    } finally {
      isSending = false;
      if (isDirty && !timer && !state.classList.contains("is-wrong")) plan();
    }
  };
  const plan = (wait = AFTER_TYPING) => {
    clearTimeout(timer);
    const isLate = lastKept && Date.now() - lastKept > AT_LEAST_EVERY;
    timer = setTimeout(keep, isLate ? 200 : wait);
  };
  const changed = () => {
    isDirty = true;
    plan();
  };

  if (form) {
    lastKept = Date.now();
    // What stands in a form when it is opened is no unsaved text. The editor of rich text says "change" also when it
    // has only loaded; a slow machine then kept an empty form, and offered it.
    lastSent = textOf(content());
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    // The dates of the admin's calendar, and rows that are added or removed, change without an "input".
    document.addEventListener("formset:removed", changed);
    const watch = (editor) => editor.on("change", () => { if (editor.checkDirty()) changed(); });
    window.CKEDITOR?.on("instanceReady", ({ editor }) => watch(editor));
    for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) watch(editor);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep({ isLeaving: true }); });
    window.addEventListener("pagehide", () => keep({ isLeaving: true }));
    window.addEventListener("focus", async () => {
      if (!state.classList.contains("is-wrong")) return;
      if (!await isSignedIn().catch(() => false)) return;
      isDirty = true;
      keep();
    });
    // A form that was open for long is sent only by somebody who is still signed in; else its text would be lost.
    form.addEventListener("submit", async (event) => {
      const isOld = Date.now() - openedAt > ASK_AFTER || state.classList.contains("is-wrong");
      if (!isOld || isAsked || event.submitter?.formTarget === "_blank") return;
      event.preventDefault();
      delete form.dataset.isSent;
      const signedIn = await isSignedIn().catch(() => null);
      if (signedIn === false) return signedOut();
      if (signedIn === null) return say(state.dataset.offline, true);
      isAsked = true;
      form.requestSubmit(event.submitter);
    });
  }
}
