package access_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"parley/internal/access"
	"parley/internal/ruling"
)

// A rogue is a provider that can be told what to put into the id tokens it
// makes, and how to sign them.
type rogue struct {
	*httptest.Server
	key, other *rsa.PrivateKey
	claims     map[string]any
	forge      bool   // sign with a key that it does not publish
	padding    string // before what it says about itself
	bare       string // in place of the id token
}

func newRogue(t *testing.T) *rogue {
	t.Helper()
	r := &rogue{}
	var err error
	for _, k := range []**rsa.PrivateKey{&r.key, &r.other} {
		*k, err = rsa.GenerateKey(rand.Reader, 2048)
		ok(t, err)
	}
	mux := http.NewServeMux()
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(r.padding))
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		say(w, map[string]any{"issuer": r.URL, "authorization_endpoint": r.URL + "/auth", "token_endpoint": r.URL + "/token",
			"jwks_uri": r.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		say(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: r.key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		key := r.key
		if r.forge {
			key = r.other
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
		ok(t, err)
		b, err := json.Marshal(r.claims)
		ok(t, err)
		signed, err := signer.Sign(b)
		ok(t, err)
		token, err := signed.CompactSerialize()
		ok(t, err)
		if r.bare != "" {
			token = r.bare
		}
		say(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})
	})
	r.Server = httptest.NewServer(mux)
	t.Cleanup(r.Close)
	return r
}

func TestIDTokensThatAreNotGood(t *testing.T) {
	h := newTable(t)
	r := newRogue(t)
	provider := func() *access.Provider {
		return &access.Provider{Key: "nairobi", Talks: "lake", Party: "kenya", Name: "Nairobi", Issuer: r.URL, Client: "parley", Return: "http://127.0.0.1:1/abroad"}
	}
	h.Providers = []*access.Provider{provider()}
	for _, c := range []struct {
		name, key string
		spoil     func(claims map[string]any)
	}{
		{"good, but nobody here is connected to it", "identity-unknown", func(map[string]any) {}},
		{"good, for two, of which this house", "identity-unknown", func(m map[string]any) { m["aud"], m["azp"] = []string{"parley", "x"}, "parley" }},
		{"another nonce", "provider-denied", func(m map[string]any) { m["nonce"] = "x" }},
		{"no nonce", "provider-denied", func(m map[string]any) { delete(m, "nonce") }},
		{"for another house", "provider-denied", func(m map[string]any) { m["aud"] = "another" }},
		{"for two, without saying which", "provider-denied", func(m map[string]any) { m["aud"] = []string{"parley", "another"} }},
		{"made for another", "provider-denied", func(m map[string]any) { m["azp"] = "another" }},
		{"of another issuer", "provider-denied", func(m map[string]any) { m["iss"] = "https://mallory.test" }},
		{"run out", "provider-denied", func(m map[string]any) { m["exp"] = h.clock.Add(-time.Hour).Unix() }},
		{"about nobody", "provider-denied", func(m map[string]any) { m["sub"] = "" }},
		{"about somebody endless", "provider-denied", func(m map[string]any) { m["sub"] = strings.Repeat("x", 300) }},
		{"signed by another", "provider-denied", func(map[string]any) { r.forge = true }},
		{"not signed", "provider-denied", func(map[string]any) { r.bare = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJuamVyaSJ9." }},
		{"none", "provider-denied", func(map[string]any) { r.bare = " " }},
	} {
		address, ceremony, err := h.BeginAbroad(t.Context(), access.Visit{}, "nairobi")
		ok(t, err)
		u, err := url.Parse(address)
		ok(t, err)
		r.forge, r.bare = false, ""
		r.claims = map[string]any{"iss": r.URL, "sub": "njeri", "aud": "parley", "nonce": u.Query().Get("nonce"),
			"iat": h.clock.Unix(), "exp": h.clock.Add(time.Hour).Unix()}
		c.spoil(r.claims)
		_, _, err = h.FinishAbroad(t.Context(), access.Visit{}, ceremony.Text(), url.Values{"state": {u.Query().Get("state")}, "code": {"x"}}, "")
		refusal(t, c.name, err, ruling.Denied, c.key)
	}
	r.padding = strings.Repeat(" ", 2<<20)
	h.Providers = []*access.Provider{provider()}
	_, _, err := h.BeginAbroad(t.Context(), access.Visit{}, "nairobi")
	refusal(t, "a provider that says too much", err, ruling.OutOfOrder, "provider-unreachable")
}
