// Cards of photos are moved without asking the server, by buttons and by dragging; a click sets the focal point.
{
  const group = document.querySelector(".photos[data-upload]");
  const grid = group?.querySelector(".photo-grid");
  if (grid) {
    const form = group.closest("form");
    const drop = group.querySelector(".photo-drop");
    const state = group.querySelector(".photo-drop__state");
    const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
    const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
    const cards = () => [...grid.querySelectorAll(":scope > .photo-card")];

    const number = () => {
      cards().forEach((card, index) => { card.querySelector("input[name$='-position']").value = (index + 1) * 10; });
      changed();
    };

    const move = (card, direction) => {
      const target = { up: card.previousElementSibling, down: card.nextElementSibling, first: grid.firstElementChild }[direction];
      if (!target || target === card) return;
      if (direction === "down") target.after(card); else target.before(card);
      number();
      const all = cards();
      state.textContent = fill(drop.dataset.place, { place: all.indexOf(card) + 1, all: all.length });
    };

    const turn = async (button) => {
      const card = button.closest(".photo-card");
      const stored = card.querySelector("input[name$='-stored']");
      const image = card.querySelector("img");
      const body = new URLSearchParams({ stored: stored.value, degrees: button.dataset.degrees, key: card.dataset.key ?? "" });
      button.disabled = true;
      try {
        const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
        const answer = await fetch(group.dataset.rotate, { method: "POST", body, headers });
        const content = await answer.json();
        if (answer.ok) {
          stored.value = content.token;
          image.src = content.thumb;
          changed();
        }
        state.textContent = answer.ok ? drop.dataset.turned : content.error;
      } catch {
        state.textContent = drop.dataset.lost;
      }
      button.disabled = false;
      button.focus();
    };

    grid.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.move) {
        event.preventDefault();
        move(button.closest(".photo-card"), button.dataset.move);
        button.focus();
      } else if (button?.dataset.degrees) {
        event.preventDefault();
        turn(button);
      } else if (event.target.matches(".photo-card__image")) {
        point(event.target, event);
      }
    });

    // --- The focal point: a click on the picture, whole as it is shown, or two numbers ---

    const fields = (card) => ["x", "y"].map((axis) => card.querySelector(`input[name$='-focus_${axis}']`));
    const mark = (card) => {
      const [x, y] = fields(card);
      const image = card.querySelector(".photo-card__image");
      const spot = card.querySelector(".photo-card__focus");
      if (!x || !spot || !image.clientWidth) return;
      const box = shown(image);
      spot.hidden = image.hidden;
      spot.style.left = `${image.offsetLeft + box.left + (box.width * (Number(x.value) || 0)) / 100}px`;
      spot.style.top = `${image.offsetTop + box.top + (box.height * (Number(y.value) || 0)) / 100}px`;
    };
    const shown = (image) => {
      const scale = Math.min(image.clientWidth / (image.naturalWidth || 1), image.clientHeight / (image.naturalHeight || 1));
      const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
      return { left: (image.clientWidth - width) / 2, top: (image.clientHeight - height) / 2, width, height };
    };
    const point = (image, event) => {
      const card = image.closest(".photo-card");
      const box = shown(image);
      const whole = image.getBoundingClientRect();
      const percent = (at, start, length) => Math.min(100, Math.max(0, Math.round(((at - start) / length) * 100)));
      const [x, y] = fields(card);
      x.value = percent(event.clientX, whole.left + box.left, box.width);
      y.value = percent(event.clientY, whole.top + box.top, box.height);
      mark(card);
      changed();
    };
    grid.addEventListener("load", (event) => { if (event.target.matches("img")) mark(event.target.closest(".photo-card")); }, true);
    grid.addEventListener("input", (event) => {
      if (/-focus_[xy]$/.test(event.target.name)) mark(event.target.closest(".photo-card"));
    });
    window.addEventListener("resize", () => cards().forEach(mark));
    cards().forEach(mark);

    // --- Dragging by the handle: pointer events, so that it works with a finger too ---

    let dragged = null;
    grid.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest(".photo-card__handle");
      if (!handle || event.button > 0) return;
      event.preventDefault();
      dragged = handle.closest(".photo-card");
      dragged.classList.add("is-dragged");
      grid.setPointerCapture(event.pointerId);
    });
    grid.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".photo-card");
      if (!under || under === dragged || under.parentElement !== grid) return;
      const all = cards();
      if (all.indexOf(under) > all.indexOf(dragged)) under.after(dragged); else under.before(dragged);
    });
    const release = () => {
      if (!dragged) return;
      dragged.classList.remove("is-dragged");
      dragged = null;
      number();
    };
    grid.addEventListener("pointerup", release);
    grid.addEventListener("pointercancel", release);

    for (const button of grid.querySelectorAll("[data-move][hidden]")) button.hidden = false;
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const card of addedNodes) {
        for (const button of card.querySelectorAll?.("[data-move][hidden]") ?? []) button.hidden = false;
      }
    }).observe(grid, { childList: true });
  }
}
