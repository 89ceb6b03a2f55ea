// Photos of a form are sent one by one, each with its progress and its reason, a row of the form from the first moment.
// Without this file the plain field sends them with the form. Order, cover, rotation: portal-photos-order.js.
{
  const AT_ONCE = 3;
  const TRIES = 3;
  const group = document.querySelector(".photos[data-upload]");
  const drop = group?.querySelector(".photo-drop");
  if (drop) {
    const form = group.closest("form");
    const words = drop.dataset;
    const input = form.querySelector("#id_new_photos");
    const grid = group.querySelector(".photo-grid");
    const total = form.elements[`${group.dataset.prefix}-TOTAL_FORMS`];
    const state = drop.querySelector(".photo-drop__state");
    const waiting = [];
    const jobs = new Set(); // all that were not removed
    let running = 0;
    let pressed = null; // the button that waits for the last photo

    const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
    const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
    const csrf = () => form.elements.csrfmiddlewaretoken.value;
    const count = (...stages) => [...jobs].filter((job) => stages.includes(job.stage)).length;
    const isBusy = () => count("waiting", "sending") > 0;

    const tell = (more = "") => {
      const done = count("done");
      const failed = count("failed");
      const parts = [];
      if (jobs.size) parts.push(fill(words.sent, { done, all: jobs.size }));
      if (failed) parts.push(fill(words.failed, { count: failed }));
      if (more) parts.push(more);
      else if (pressed && isBusy()) parts.push(words.saving);
      state.textContent = parts.join(" · ");
    };

    const addCard = () => {
      const number = Number(total.value);
      const holder = document.createElement("ol");
      holder.innerHTML = group.querySelector("template").innerHTML.replaceAll("__prefix__", number);
      const card = holder.firstElementChild;
      total.value = number + 1;
      grid.append(card);
      grid.closest("fieldset").hidden = false;
      return card;
    };

    const add = (file) => {
      const card = addCard();
      const job = { file, card, stage: "waiting", tries: 0 };
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      const line = document.createElement("p");
      line.className = "photo-card__sending";
      card.querySelector(".photo-card__name").textContent = file.name;
      for (const hidden of card.querySelectorAll(".moves .visually-hidden")) hidden.textContent = ` ${file.name}`;
      card.querySelector(".photo-card__name").after(bar, line);
      Object.assign(job, { bar, line });
      jobs.add(job);
      card.classList.add("is-unsent");
      if (file.size > Number(words.limit) * 1024 * 1024) {
        fail(job, fill(words.large, { limit: words.limit }));
        return;
      }
      line.textContent = words.waiting;
      waiting.push(job);
    };

    const take = (files) => {
      for (const file of files) add(file);
      changed();
      tell();
      pump();
    };

    const pump = () => {
      while (running < AT_ONCE && waiting.length) send(waiting.shift());
      if (!isBusy() && pressed) {
        const button = pressed;
        pressed = null;
        if (count("failed")) tell(words.unsent);
        else form.requestSubmit(button);
      }
    };

    const send = (job) => {
      const request = new XMLHttpRequest();
      running += 1;
      job.stage = "sending";
      job.tries += 1;
      job.request = request;
      job.line.textContent = words.sending;
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        job.bar.value = Math.round((event.loaded / event.total) * 100);
        job.line.textContent = event.loaded === event.total ? words.preparing : `${words.sending} ${job.bar.value}%`;
      });
      request.addEventListener("loadend", () => {
        running -= 1;
        if (job.stage === "sending") answer(job, request);
        tell();
        pump();
      });
      request.open("POST", group.dataset.upload);
      request.setRequestHeader("X-CSRFToken", csrf());
      request.setRequestHeader("X-File-Name", encodeURIComponent(job.file.name));
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.send(job.file);
    };

    const answer = (job, request) => {
      let content = null;
      try { content = JSON.parse(request.responseText); } catch { /* a page of a proxy, or nothing */ }
      if (request.status === 200 && content?.token) {
        finish(job, content);
      } else if ((request.status === 0 || request.status === 502 || request.status === 503) && job.tries < TRIES) {
        job.stage = "waiting";
        job.line.textContent = words.waiting;
        setTimeout(() => { if (jobs.has(job)) { waiting.push(job); pump(); } }, 1000 * job.tries * job.tries);
      } else {
        fail(job, content?.error ?? (request.status === 0 ? words.lost : words.refused));
      }
    };

    const finish = (job, content) => {
      job.stage = "done";
      job.bar.remove();
      job.line.textContent = words.ready;
      job.card.classList.remove("is-unsent", "has-failed");
      job.card.querySelector("input[name$='-stored']").value = content.token;
      const image = job.card.querySelector("img");
      image.src = content.thumb;
      image.alt = job.file.name;
      image.hidden = false;
      changed();
    };

    const fail = (job, reason) => {
      job.stage = "failed";
      job.bar.hidden = true;
      job.card.classList.add("has-failed");
      job.line.textContent = reason;
      const again = document.createElement("button");
      again.type = "button";
      again.className = "button";
      again.textContent = words.again;
      again.addEventListener("click", () => {
        job.tries = 0;
        job.stage = "waiting";
        job.bar.hidden = false;
        job.bar.value = 0;
        job.card.classList.remove("has-failed");
        job.line.textContent = words.waiting;
        waiting.push(job);
        tell();
        pump();
      });
      job.line.append(" ", again);
      tell();
    };

    grid.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      const card = button.closest(".photo-card");
      const next = card.nextElementSibling ?? card.previousElementSibling;
      for (const job of jobs) {
        if (job.card !== card) continue;
        jobs.delete(job);
        waiting.splice(waiting.indexOf(job), waiting.includes(job) ? 1 : 0);
        job.stage = "removed";
        job.request?.abort();
      }
      card.remove();
      (next?.querySelector("[data-remove], button") ?? drop.querySelector("[data-choose]")).focus();
      changed();
      tell();
      pump();
    });

    // The field itself opens the file dialog and takes no part in the form any more.
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
    drop.querySelector("[data-choose]").addEventListener("click", () => input.click());
    for (const type of ["dragover", "drop"]) {
      group.addEventListener(type, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        group.classList.toggle("is-dropped-on", type === "dragover");
        if (type === "drop") take([...event.dataTransfer.files]);
      });
    }
    group.addEventListener("dragleave", (event) => {
      if (!group.contains(event.relatedTarget)) group.classList.remove("is-dropped-on");
    });

    drop.querySelector("[data-set-all]").addEventListener("click", () => {
      const fresh = [...grid.querySelectorAll(".photo-card:not([data-photo])")];
      for (const [from, to] of [["new_photos_author", "author"], ["new_photos_basis", "consent_basis"]]) {
        const value = form.elements[from].value;
        if (value) for (const card of fresh) card.querySelector(`[name$='-${to}']`).value = value;
      }
      changed();
      tell(fill(words.set, { count: fresh.length }));
    });

    // In the capturing phase: before the form is marked as sent (portal-form.js).
    document.addEventListener("submit", (event) => {
      if (event.target !== form) return;
      if (isBusy()) {
        event.preventDefault();
        event.stopPropagation();
        pressed = event.submitter;
        tell();
        state.scrollIntoView({ block: "center" });
      } else if (count("failed")) {
        event.preventDefault();
        event.stopPropagation();
        tell(words.unsent);
        grid.querySelector(".has-failed button")?.focus();
      }
    }, true);
    window.addEventListener("beforeunload", (event) => { if (isBusy()) event.preventDefault(); });

    group.classList.add("is-scripted");
    drop.hidden = false;
  }
}
