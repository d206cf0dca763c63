// What comes from Word or a web page, as our Markdown: headings, lists, tables, links, bold and italic; nothing else.
"use strict";
const pasteAsMarkdown = (() => {
  const SKIP = new Set(["STYLE", "SCRIPT", "META", "TITLE", "HEAD", "XML", "O:P", "IMG", "SVG", "BUTTON", "INPUT"]);
  const BLOCKS = /^(P|DIV|SECTION|ARTICLE|BLOCKQUOTE|H[1-6]|UL|OL|LI|TABLE|TR|PRE|HR|DL|DT|DD|FIGURE|FIGCAPTION)$/;
  const MARKS = /([\\`*_{}[\]<>|~])/g;

  // A sign of ours in what is pasted is a letter of it, not a mark.
  const plain = (text) => text.replace(/\s+/g, " ").replace(MARKS, "\\$1");

  function inline(node) {
    if (node.nodeType === Node.TEXT_NODE) return plain(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || SKIP.has(node.tagName)) return "";
    if (/mso-list:\s*Ignore/i.test(node.getAttribute("data-css") || "")) return "";
    if (node.tagName === "BR") return " ";
    const inner = [...node.childNodes].map(inline).join("");
    const words = inner.trim();
    if (!words) return inner;
    const style = node.getAttribute("data-css") || "";
    const around = (mark) => inner.replace(words, () => mark + words + mark);
    if (/^(B|STRONG)$/.test(node.tagName) && !/font-weight:\s*normal/.test(style)) return around("**");
    if (/^(I|EM)$/.test(node.tagName) && !/font-style:\s*normal/.test(style)) return around("*");
    const href = node.tagName === "A" ? node.getAttribute("href") || "" : "";
    return /^(https:|mailto:)/.test(href) ? `[${words}](${href.replace(/[()\s]/g, encodeURIComponent)})` : inner;
  }

  const line = (node) => inline(node).replace(/ +/g, " ").replace(/\*{4,}/g, "").trim();

  // Words that begin like a list, a heading or a block of ours must not become one.
  const paragraph = (text) => text.replace(/^(\d+)([.)]) /, "$1\\$2 ").replace(/^([#+-]|:::)/, "\\$1");

  function list(node, depth) {
    let number = Number(node.getAttribute("start")) || 1;
    const items = [];
    for (const item of node.children) {
      if (/^(UL|OL)$/.test(item.tagName)) { items.push(list(item, depth + 1)); continue; }
      if (item.tagName !== "LI") continue;
      const inner = [...item.children].filter((one) => /^(UL|OL)$/.test(one.tagName));
      inner.forEach((one) => one.remove());
      const mark = node.tagName === "OL" ? `${number++}. ` : "- ";
      items.push("   ".repeat(depth) + mark + line(item), ...inner.map((one) => list(one, depth + 1)));
    }
    return items.filter(Boolean).join("\n");
  }

  function table(node) {
    const rows = [...node.rows].map((row) => [...row.cells].map(line));
    const width = Math.max(...rows.map((row) => row.length));
    if (!rows.length || width < 1) return "";
    const show = (row) => `| ${Array.from({ length: width }, (_, n) => row[n] || "").join(" | ")} |`;
    return [show(rows[0]), "|" + "---|".repeat(width), ...rows.slice(1).map(show)].join("\n");
  }

  // Word writes lists as paragraphs with a mark in front.
  function wordItem(node) {
    const style = node.getAttribute("data-css") || "";
    const found = /mso-list:\s*l\d+ level(\d)/i.exec(style);
    if (!found) return null;
    const mark = /^\s*\d+[.)]/.test(node.textContent) ? "1. " : "- ";
    return "   ".repeat(Number(found[1]) - 1) + mark + line(node).replace(/^(·|•|o |§|\d+\\?[.)])\s*/, "");
  }

  function blocks(node, out) {
    let words = "";
    const flush = () => { const text = words.replace(/ +/g, " ").trim(); if (text) out.push(paragraph(text)); words = ""; };
    for (const child of node.childNodes) {
      if (child.nodeType !== Node.ELEMENT_NODE || !(BLOCKS.test(child.tagName) || child.querySelector?.("p,div,ul,ol,table,h1,h2,h3,h4"))) {
        words += inline(child);
        continue;
      }
      flush();
      const level = /^H([1-6])$/.exec(child.tagName) || /MsoHeading(\d)|Heading(\d)/.exec(child.className || "");
      if (SKIP.has(child.tagName)) continue;
      if (level) { const text = line(child).replace(/\*\*/g, ""); if (text) out.push(`${"#".repeat(Math.min(4, Math.max(2, Number(level[1] || level[2]))))} ${text}`); }
      else if (/^(UL|OL)$/.test(child.tagName)) out.push(list(child, 0));
      else if (child.tagName === "TABLE") out.push(table(child));
      else if (child.tagName === "HR") out.push("---");
      else if (wordItem(child) !== null) out.push(wordItem(child));
      else blocks(child, out);
    }
    flush();
  }

  return (html) => {
    // Styles tell what is bold and what is a list; as such they would be refused, and reported, by the policy.
    const tame = html.replace(/<[^>]*>/g, (tag) => tag.replace(new RegExp("\\sstyle=", "gi"), " data-css="));
    const page = new DOMParser().parseFromString(tame, "text/html");
    const out = [];
    blocks(page.body, out);
    // Items of a list of Word's belong together.
    const item = new RegExp("^ *(?:-|1\\.) ");
    const isItem = (text) => item.test(text) && !text.includes("\n");
    return out.filter(Boolean).reduce((all, text, n, list) => all + (n ? (isItem(text) && isItem(list[n - 1]) ? "\n" : "\n\n") : "") + text, "");
  };
})();
