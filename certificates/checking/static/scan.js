// Reads a QR by camera where the browser can. Where it cannot, nothing shows: photo and typing stay.
(async () => {
const box = document.querySelector("[data-scan]"), {dataset} = box, media = navigator.mediaDevices;
const [start, stop, torch, video, said] = ["start", "stop", "torch", "video", "said"].map((name) => box.querySelector(`.scan-${name}`));
const ADDRESS = /^https?:\/\/[^/]+(\/v\/[^?#]+)$/i;
const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats() : [];
if (!formats.includes("qr_code")) return;
const detector = new BarcodeDetector({formats: ["qr_code"]});
let stream = null;

const tell = (text) => { if (said.textContent !== text) said.textContent = text; };
const show = (isOpen) => {
  start.hidden = isOpen;
  stop.hidden = video.hidden = !isOpen;
  torch.hidden = !isOpen || !stream.getVideoTracks()[0].getCapabilities?.().torch;
};
const close = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = video.srcObject = null;
  show(false);
};
const take = (found) => {
  const texts = found.map((one) => one.rawValue), address = texts.find((text) => ADDRESS.test(text));
  if (!address) return texts.length > 0 && tell(dataset.wrong);
  close();
  tell("");
  if (dataset.scan === "go") location.assign(address.match(ADDRESS)[1]);
  else box.dispatchEvent(new CustomEvent("scanned", {detail: address}));
};
const look = async () => {
  while (stream) {
    take(await detector.detect(video).catch(() => []));
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
};
const FAULTS = {NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing"};
const open = async () => {
  try {
    stream = await media.getUserMedia({video: {facingMode: "environment", width: {ideal: 1280}}});
    video.srcObject = stream;
    show(true);
    tell(dataset.point);
    await video.play();
  } catch (error) {
    close();
    return tell(dataset[FAULTS[error.name] || "busy"]);
  }
  stop.focus();
  look();
};

start.addEventListener("click", open);
stop.addEventListener("click", () => { close(); tell(""); start.focus(); });
torch.addEventListener("click", () => {
  const isOn = torch.getAttribute("aria-pressed") !== "true";
  torch.setAttribute("aria-pressed", isOn);
  stream.getVideoTracks()[0].applyConstraints({advanced: [{torch: isOn}]}).catch(() => {});
});
addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => { if (document.hidden && stream) close(); });
box.querySelector("input")?.addEventListener("change", async ({target}) => {
  const picture = await createImageBitmap(target.files[0]).catch(() => null);
  const found = picture ? await detector.detect(picture).catch(() => []) : [];
  if (found.length) take(found);
  else tell(dataset.blurred);
});
// A page without a secure address has no camera at all.
start.disabled = !media;
if (!media) tell(dataset.missing);
box.hidden = false;
})();
// A photo or PDF that is let fall onto the page is sent as if it had been chosen. In this file, as one request
// less is 0.7 KB less.
(() => {
const form = document.getElementById("berkas"), input = form?.querySelector("input[type=file]");
if (!form) return;
const hasFile = ({dataTransfer}) => dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  form.classList.add("over");
});
addEventListener("dragleave", ({relatedTarget}) => { if (!relatedTarget) form.classList.remove("over"); });
addEventListener("drop", (event) => {
  if (!hasFile(event)) return;
  event.preventDefault();
  form.classList.remove("over");
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});
})();
