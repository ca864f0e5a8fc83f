// A real identity provider on loopback: oidc-provider (MIT), with one client and one person.
// node provider.mjs NODE_MODULES REDIRECT_URI EMAIL ACR [ALGORITHM AFTER_LOGOUT]; it prints its issuer, and ends with
// its standard input. With an algorithm it is like FranceConnect: no verified address, no challenge, and a logout.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { generateKeyPairSync } from "node:crypto";

const [, , modules, redirectUri, email, acr, algorithm = "ES256", afterLogout] = process.argv;
const found = createRequire(`${modules}/x.js`).resolve("oidc-provider");
const { Provider, interactionPolicy } = await import(pathToFileURL(found));
// A provider may give less than what was « essential » (OpenID Connect Core, 5.5.1): who asks must look.
const policy = interactionPolicy.base();
policy.get("login").checks.remove("essential_acr");
policy.get("login").checks.remove("essential_acrs");

const pairs = { ES256: ["ec", { namedCurve: "P-256" }], RS256: ["rsa", { modulusLength: 2048 }] };
const keys = Object.entries(pairs).map(([alg, [kind, options]]) => {
  return { ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), kid: `real:${alg}`, use: "sig", alg };
});

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: "clef-test",
      client_secret: "the secret of our client there",
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: algorithm,
      userinfo_signed_response_alg: algorithm,
      ...(afterLogout && { post_logout_redirect_uris: [afterLogout] }),
    }],
    jwks: { keys },
    cookies: { keys: ["a key of a test"] },
    claims: { openid: ["sub", "acr", "auth_time"], email: ["email", "email_verified"] },
    scopes: ["openid", "email", "given_name", "usual_name"],
    acrValues: [acr, "eidas1"],
    conformIdTokenClaims: true,
    features: { devInteractions: { enabled: false }, userinfo: { enabled: true }, jwtUserinfo: { enabled: true }, claimsParameter: { enabled: true } },
    pkce: { required: () => !afterLogout },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email, ...(!afterLogout && { email_verified: true }) }) }),
    interactions: { policy, url: (_ctx, interaction) => `/person/${interaction.uid}` },
    // Who logs in consents: the federation asks nobody twice.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email given_name usual_name");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  server.on("request", async (request, response) => {
    if (!request.url.startsWith("/person/")) {
      return callback(request, response);
    }
    // The person at the keyboard: logs in with both factors.
    const result = { login: { accountId: "agent-real", acr, amr: ["pwd", "mfa"], remember: false } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
