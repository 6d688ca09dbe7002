package access_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/ruling"
	"parley/internal/seat"
)

const providerVersion = "9.13.3" // of npm's oidc-provider

// installProvider returns where oidc-provider lies, and installs it first if it
// does not. PARLEY_OIDC_PROVIDER names a directory that has it.
func installProvider(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("SKIPPED: there is no %s on this machine, so no provider was signed in at", program)
		}
	}
	dir := os.Getenv("PARLEY_OIDC_PROVIDER")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		dir = filepath.Join(cache, "parley-test", "oidc-provider-"+providerVersion)
	}
	main := filepath.Join(dir, "node_modules", "oidc-provider", "lib", "index.js")
	if _, err := os.Stat(main); err == nil {
		return main
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	install := exec.Command("npm", "install", "--prefix", dir, "--no-audit", "--no-fund", "--ignore-scripts", "oidc-provider@"+providerVersion)
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: oidc-provider cannot be installed here, so no provider was signed in at: %v\n%s", err, out)
	}
	return main
}

// startProvider starts a provider that sends people back to an address.
func startProvider(t *testing.T, back string) (issuer string) {
	t.Helper()
	main := installProvider(t)
	node := exec.Command("node", filepath.Join("testdata", "provider.mjs"), main, back)
	in, err := node.StdinPipe()
	ok(t, err)
	out, err := node.StdoutPipe()
	ok(t, err)
	ok(t, node.Start())
	t.Cleanup(func() { in.Close(); _ = node.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address, found := strings.CutPrefix(lines.Text(), "issuer "); found {
			return address
		}
	}
	t.Fatal("the provider did not start")
	return ""
}

var interaction = regexp.MustCompile(`action="([^"]+)"`)

// signInAbroad goes through the provider's own pages and returns what it sends
// the browser back with.
func signInAbroad(t *testing.T, address, as, back string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	ok(t, err)
	var home url.Values
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			home = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	answer, err := browser.Get(address)
	ok(t, err)
	for range 3 { // who, and whether
		b, err := io.ReadAll(answer.Body)
		ok(t, err)
		answer.Body.Close()
		if home != nil {
			return home
		}
		form := interaction.FindSubmatch(b)
		if form == nil {
			t.Fatalf("the provider shows %d %s", answer.StatusCode, b)
		}
		prompt := "login"
		if strings.Contains(string(b), `value="consent"`) {
			prompt = "consent"
		}
		next, err := answer.Request.URL.Parse(string(form[1]))
		ok(t, err)
		answer, err = browser.PostForm(next.String(), url.Values{"prompt": {prompt}, "login": {as}, "password": {"x"}})
		ok(t, err)
	}
	t.Fatal("the provider sends nobody back")
	return nil
}

func TestSigningInAtADelegationsOwnProvider(t *testing.T) {
	const back = "http://127.0.0.1:1/abroad"
	h := newTable(t)
	h.clock = time.Now() // the provider has a clock of its own
	h.Providers = []*access.Provider{{Key: "nairobi", Talks: "lake", Party: "kenya", Name: "Nairobi", Issuer: startProvider(t, back),
		Client: "parley", Secret: "a secret of the house", Return: back}}

	// A provider that knows Njeri seats nobody.
	none := access.Visit{}
	address, ceremony, err := h.BeginAbroad(t.Context(), none, "nairobi")
	ok(t, err)
	for _, want := range []string{"code_challenge_method=S256", "nonce=", "state=", "scope=openid"} {
		if !strings.Contains(address, want) {
			t.Errorf("%s is not in %s", want, address)
		}
	}
	_, _, err = h.FinishAbroad(t.Context(), none, ceremony.Text(), signInAbroad(t, address, "njeri", back), "Firefox")
	refusal(t, "whoever is connected to nobody", err, ruling.Denied, "identity-unknown")

	// She comes in by her link, and connects herself.
	h.wanjiru.Visit = h.anew(t, h.wanjiru)
	njeri, links := h.invite(t, h.wanjiru, "Njeri Wanjohi", kenyan, 0)
	cookie, waits := h.arrive(t, links[0])
	_, _, err = h.BeginAbroad(t.Context(), waits.Visit, "nairobi")
	refusal(t, "before she is confirmed", err, ruling.Absent, "nothing-here")
	ok(t, h.ConfirmNewcomer(t.Context(), h.wanjiru, "lake", waits.Pass.Handle(), waits.Fingerprint))
	v := h.who(t, cookie)
	address, ceremony, err = h.BeginAbroad(t.Context(), v, "nairobi")
	ok(t, err)
	answer := signInAbroad(t, address, "njeri", back)
	_, _, err = h.FinishAbroad(t.Context(), none, ceremony.Text(), answer, "")
	refusal(t, "as another visit than the one that began", err, ruling.Stale, "ceremony-over")
	address, ceremony, err = h.BeginAbroad(t.Context(), v, "nairobi")
	ok(t, err)
	_, _, err = h.FinishAbroad(t.Context(), v, ceremony.Text(), signInAbroad(t, address, "njeri", back), "")
	ok(t, err)

	// From then on it signs her in, and is not key-signed.
	address, ceremony, err = h.BeginAbroad(t.Context(), none, "nairobi")
	ok(t, err)
	answer = signInAbroad(t, address, "njeri", back)
	abroad, in, err := h.FinishAbroad(t.Context(), none, ceremony.Text(), answer, "Firefox")
	ok(t, err)
	if in.Person.ID != njeri.ID || in.KeySigned() || h.who(t, abroad.Text()).Person.ID != njeri.ID {
		t.Errorf("it lets in %+v", in)
	}
	_, _, err = h.FinishAbroad(t.Context(), none, ceremony.Text(), answer, "")
	refusal(t, "the same answer again", err, ruling.Stale, "ceremony-over")

	h.providerSeatsNobody(t, in)
	h.brokenJourneys(t, back, answer)

	ok(t, h.RevokeMember(t.Context(), h.wanjiru, "lake", seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate}))
	_, err = h.Who(t.Context(), abroad.Text())
	refusal(t, "once she is revoked", err, ruling.Denied, "not-signed-in")
	address, ceremony, err = h.BeginAbroad(t.Context(), none, "nairobi")
	ok(t, err)
	_, _, err = h.FinishAbroad(t.Context(), none, ceremony.Text(), signInAbroad(t, address, "njeri", back), "")
	refusal(t, "the provider after that", err, ruling.Denied, "identity-unknown")
}

// providerSeatsNobody: what a provider lets in can neither get a passkey nor
// invite, so that whoever runs it cannot take a place.
func (h *table) providerSeatsNobody(t *testing.T, in access.Visit) {
	t.Helper()
	_, _, err := h.BeginRegistration(t.Context(), in)
	refusal(t, "a passkey for whom a provider let in", err, ruling.Denied, "step-up")
	_, _, err = h.InviteNewcomer(t.Context(), access.Officer{Visit: in, Seat: seat.Seat{Person: seat.Person(in.Person.ID), Party: "kenya", Role: seat.Head}}, "Mallory", kenyan, 0)
	refusal(t, "an invitation by whom a provider let in", err, ruling.Denied, "step-up")
	_, _, err = h.BeginAbroad(t.Context(), in, "nairobi")
	refusal(t, "connecting another account", err, ruling.Denied, "step-up")
	_, _, err = h.BeginAbroad(t.Context(), h.okello.Visit, "nairobi")
	refusal(t, "somebody of another delegation", err, ruling.Absent, "nothing-here")
	ugandan := in
	ugandan.Pass.Place.Party, ugandan.Pass.Means, ugandan.Pass.Proved = "uganda", access.ByPasskey, h.clock
	_, _, err = h.BeginAbroad(t.Context(), ugandan, "nairobi")
	refusal(t, "somebody of the other side in the same talks", err, ruling.Absent, "nothing-here")
	_, _, err = h.BeginAbroad(t.Context(), access.Visit{}, "kampala")
	refusal(t, "no such provider", err, ruling.Absent, "nothing-here")
}

// brokenJourneys come back with something that the provider did not send so.
func (h *table) brokenJourneys(t *testing.T, back string, old url.Values) {
	t.Helper()
	for name, spoil := range map[string]func(url.Values){
		"another state":        func(v url.Values) { v.Set("state", strings.Repeat("0", 64)) },
		"no state":             func(v url.Values) { v.Del("state") },
		"two states":           func(v url.Values) { v.Add("state", "x") },
		"another provider":     func(v url.Values) { v.Set("iss", "https://mallory.test") },
		"an error":             func(v url.Values) { v.Set("error", "access_denied") },
		"a code of before":     func(v url.Values) { v.Set("code", old.Get("code")) },
		"no code":              func(v url.Values) { v.Del("code") },
		"a code never made":    func(v url.Values) { v.Set("code", "x") },
		"nothing but a cookie": func(v url.Values) { clear(v) },
	} {
		address, ceremony, err := h.BeginAbroad(t.Context(), access.Visit{}, "nairobi")
		ok(t, err)
		answer := signInAbroad(t, address, "njeri", back)
		spoil(answer)
		_, _, err = h.FinishAbroad(t.Context(), access.Visit{}, ceremony.Text(), answer, "")
		refusal(t, name, err, ruling.Denied, "provider-denied")
	}
	// A code that was stolen on the way, in another's journey: its verifier and
	// nonce are others.
	address, _, err := h.BeginAbroad(t.Context(), access.Visit{}, "nairobi")
	ok(t, err)
	stolen := signInAbroad(t, address, "njeri", back)
	address, mallorys, err := h.BeginAbroad(t.Context(), access.Visit{}, "nairobi")
	ok(t, err)
	u, err := url.Parse(address)
	ok(t, err)
	stolen.Set("state", u.Query().Get("state"))
	_, _, err = h.FinishAbroad(t.Context(), access.Visit{}, mallorys.Text(), stolen, "")
	refusal(t, "a stolen code", err, ruling.Denied, "provider-denied")
}

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	h := newTable(t)
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 1 << 12 {
			if _, err := w.Write(make([]byte, 1<<12)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(endless.Close)
	silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(silent.Close)
	for name, issuer := range map[string]string{"gone": "http://127.0.0.1:1", "endless": endless.URL, "silent": silent.URL} {
		h.Providers = []*access.Provider{{Key: "nairobi", Talks: "lake", Party: "kenya", Name: "Nairobi", Issuer: issuer, HTTP: &http.Client{Timeout: time.Second}}}
		_, _, err := h.BeginAbroad(context.Background(), access.Visit{}, "nairobi")
		refusal(t, name, err, ruling.OutOfOrder, "provider-unreachable")
	}
}
