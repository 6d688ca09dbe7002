// A delegation's own OpenID provider, for tests: npm's oidc-provider with its
// development log-in, by which anybody is whoever they say. It is told the
// address to send people back to, prints its own, and ends with its input.
//
//   node provider.mjs PATH-OF-OIDC-PROVIDER RETURN-ADDRESS
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [where, back] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(where).href);

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'parley', client_secret: 'a secret of the house', redirect_uris: [back], response_types: ['code'], grant_types: ['authorization_code'] }],
    pkce: { required: () => true },
    cookies: { keys: ['for tests only'] },
  });
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
