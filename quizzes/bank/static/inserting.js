// Puts a picture that is pasted or dropped into a text: asked what it shows, kept by the server, named by its mark.
const frame = document.getElementById("gambar-teks");
const words = frame.querySelector("input");
const fault = frame.querySelector("[data-fault]");
const look = frame.querySelector("[data-look]");
const MOST_BYTES = 1_500_000;
const LONGEST = 1600;
let field = null;
let file = null;
let spot = [0, 0];

// A photo of a phone is made small before it goes over a weak line; what is no picture is sent as it is and refused.
async function small(sent) {
  if (sent.size <= MOST_BYTES && /^image\/(png|jpeg)$/.test(sent.type)) return sent;
  const picture = await createImageBitmap(sent).catch(() => null);
  if (!picture) return sent;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob ? new File([blob], "gambar.jpg", { type: "image/jpeg" }) : sent;
}

function show(sent) {
  look.hidden = true;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    look.src = reader.result;
    look.hidden = false;
  });
  reader.readAsDataURL(sent);
}

async function ask(target, sent) {
  if (!sent.type.startsWith("image/")) {
    window.author.tell(frame.dataset.noPicture);
    return;
  }
  [field, spot] = [target, [target.selectionStart, target.selectionEnd]];
  file = await small(sent);
  fault.textContent = "";
  words.value = "";
  show(file);
  frame.showModal();
}

async function insert() {
  const data = new FormData();
  data.set("csrf_token", window.author.form.elements.csrf_token.value);
  data.set("gambar", file, file.name || "gambar.png");
  data.set("alt", words.value);
  const answer = await fetch(frame.dataset.address, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
  const reply = await answer?.json().catch(() => null);
  if (reply?.mark) {
    frame.close();
    field.focus();
    field.setRangeText(reply.mark, ...spot, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    fault.textContent = !answer ? frame.dataset.offline : reply?.error || frame.dataset.signedOut;
    words.focus();
  }
}

frame.querySelector("form").addEventListener("submit", (event) => {
  if (event.submitter?.value === "close") return;
  event.preventDefault();
  insert();
});

function filesOf(transfer) {
  return transfer ? [...transfer.files] : [];
}

window.author.form.addEventListener("paste", (event) => {
  const sent = filesOf(event.clipboardData)[0];
  if (!sent || !event.target.matches("textarea")) return;
  event.preventDefault();
  ask(event.target, sent);
});

window.author.form.addEventListener("dragover", (event) => {
  if (event.target.matches("textarea") && event.dataTransfer.types.includes("Files")) event.preventDefault();
});

window.author.form.addEventListener("drop", (event) => {
  const sent = filesOf(event.dataTransfer)[0];
  if (!sent || !event.target.matches("textarea")) return;
  event.preventDefault();
  ask(event.target, sent);
});
