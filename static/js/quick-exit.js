// Leaves at once, and another page takes the place of this one in the history of the tab.
const link = document.querySelector("[data-quick-exit]");
const PRESSES = 3;
const WITHIN = 5000; // milliseconds

function leave(event) {
  event?.preventDefault();
  document.documentElement.hidden = true; // what is on the screen goes first, the network may be slow
  location.replace(link.href);
}

let presses = [];
link.addEventListener("click", leave);
addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    presses = []; // somebody is typing
    return;
  }
  presses = [...presses.filter((moment) => event.timeStamp - moment < WITHIN), event.timeStamp];
  if (presses.length >= PRESSES) leave();
});
