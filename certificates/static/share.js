// Shows a share button where the browser can share or copy; the link itself is on the page anyway.
for (const row of document.querySelectorAll("[data-share]")) {
  const input = document.getElementById(row.dataset.share);
  const status = row.querySelector("[role=status]");
  const canShare = "share" in navigator;
  if (!canShare && !navigator.clipboard) continue;
  row.hidden = false;
  row.querySelector("button").addEventListener("click", async () => {
    try {
      if (canShare) await navigator.share({ title: row.dataset.title, url: input.value });
      else {
        await navigator.clipboard.writeText(input.value);
        status.textContent = row.dataset.copied;
      }
    } catch {
      input.select();
    }
  });
}
