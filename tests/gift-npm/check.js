// Reads GIFT with the reference grammar, which knows nothing of ours. Standard input: a list of texts.
// Standard output: of each the questions found in it, or the sentence that says why it is none.
import { readFileSync } from "node:fs";
import { parse } from "gift-pegjs";

const texts = JSON.parse(readFileSync(0, "utf8"));
const found = texts.map((text) => {
  try {
    return { questions: parse(text) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(found));
