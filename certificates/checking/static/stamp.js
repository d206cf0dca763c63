// The stamp in a QR, read as certificates/signing/stamp.py and ended.py do: same folding, hashes and signature.
const Stamp = (() => {
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
// What Python takes for blanks.
const BLANKS = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const bytes = (text) => new TextEncoder().encode(text);
const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text)));

// Case folding of Unicode: twice lower, once upper, but for the letter that is only ever small and for Cherokee.
const foldLetter = (letter) => {
  if (letter === "\u0131") return letter;
  if (/[\u13a0-\u13ff\uab70-\uabbf]/.test(letter)) return letter.toUpperCase();
  return letter.toLowerCase().toUpperCase().toLowerCase();
};
const fold = (text) => [...text.normalize("NFKC")].map(foldLetter).join("").split(BLANKS).filter(Boolean).join(" ");

const encode = (body) => {
  const bits = [...body].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g).map((five) => LETTERS[parseInt(five.padEnd(5, "0"), 2)]).join("");
};
const decode = (text) => {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const body = Uint8Array.from((bits.match(/.{8}/g) || []).map((byte) => parseInt(byte, 2)));
  return /^[A-Z2-7]+$/.test(text) && encode(body) === text ? body : null;
};

const factsHash = async (serial, name, programme, day) =>
  encode((await sha256(JSON.stringify([serial, fold(name), programme, day]))).slice(0, 10));

// Returns {code, facts}, or {fault: "none" | "key" | "forged"}.
const read = async (address, keys) => {
  const [, code, token] = address.trim().toUpperCase().match(/^HTTPS?:\/\/[^/]+\/V\/([^/?#]+)\/([^/?#]+)\/?$/) || [];
  if (!token || token.length !== 120) return {fault: "none"};
  const jwk = keys.find(({kid}) => kid === token[0]), facts = token.slice(1, 17), signature = decode(token.slice(17));
  if (!jwk) return {fault: "key"};
  if (!signature || !decode(facts)) return {fault: "forged"};
  const way = {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"}, {kty, crv, x, y} = jwk;
  const key = await crypto.subtle.importKey("jwk", {kty, crv, x, y}, way, false, ["verify"]);
  const isOurs = await crypto.subtle.verify(way, key, signature, bytes(`PENGGERAK1\0${code}\0${facts}`));
  return isOurs ? {code, facts} : {fault: "forged"};
};

// Returns what became of a certificate by a list, or undefined.
const fate = async (code, list) => {
  const hash = (await sha256(`DICABUT\0${code}`)).slice(0, list.bytes);
  const wanted = String.fromCharCode(...hash);
  return Object.keys(list.lists).find((verdict) => {
    const all = atob(list.lists[verdict]);
    for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) if (at % list.bytes === 0) return true;
    return false;
  });
};
return {fold, factsHash, read, fate};
})();
