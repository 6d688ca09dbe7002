package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"parley/internal/access"
	"parley/internal/evidence"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// pages is a house with just enough pages to come in by.
type pages struct {
	*table
	mu     sync.Mutex
	bodies bytes.Buffer // of everything that browsers posted
	signed []byte       // evidence of the last act
}

// initial is the act that the page for signing shows.
var initial = evidence.Act{Talks: "lake", Seat: "s4", Name: "initial", Request: "r-1", Head: 71,
	Fields: []evidence.Field{{Name: "text", Value: "agreement"}}}

var sheet = template.Must(template.New("").Parse(`<!doctype html><meta charset=utf-8><title>{{.Title}}</title>
<script src=/passkey.js defer></script>
<h1>{{.Title}}</h1><p id=said>{{.Said}}</p>
{{range .Forms}}<form method=post action="{{.Action}}" {{if .Kind}}data-passkey={{.Kind}} data-begin="{{.Begin}}" data-finish="{{.Finish}}"{{end}}>
{{if .Kind}}<p data-passkey-says data-refused="It did not work." data-unable="This browser has no passkeys."></p>{{end}}
{{if .Act}}<input type=hidden name=ceremony><input type=hidden name=response>{{end}}
<input type=hidden name=code value="{{.Code}}"><button>{{.Button}}</button></form>{{end}}`))

type page struct {
	Title, Said string
	Forms       []form
}

type form struct {
	Action, Kind, Begin, Finish, Button, Code string
	Act                                       bool
}

func (p *pages) show(w http.ResponseWriter, status int, x page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = sheet.Execute(w, x)
}

func (p *pages) json(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		r := ruling.Of(err)
		w.WriteHeader(r.Kind.Status())
		v = map[string]string{"detail": r.Key}
	}
	_ = json.NewEncoder(w).Encode(v)
}

type begun struct {
	Ceremony string          `json:"ceremony"`
	Options  json.RawMessage `json:"options"`
}

func (p *pages) begin(w http.ResponseWriter, options []byte, t access.Token, err error) {
	p.json(w, begun{t.Text(), options}, err)
}

type finished struct {
	Ceremony string
	Response json.RawMessage
}

func (p *pages) answer(r *http.Request) (f finished) {
	_ = json.NewDecoder(r.Body).Decode(&f)
	return f
}

func (p *pages) cookie(r *http.Request) string {
	if c, err := r.Cookie("parley"); err == nil {
		return c.Value
	}
	return ""
}

func (p *pages) setCookie(w http.ResponseWriter, t access.Token) {
	http.SetCookie(w, &http.Cookie{Name: "parley", Value: t.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// visit is whoever asks, confirmed or not.
func (p *pages) visit(r *http.Request) (access.Visit, error) {
	if n, err := p.Waiting(r.Context(), p.cookie(r)); err == nil {
		return n.Visit, nil
	}
	return p.Who(r.Context(), p.cookie(r))
}

func (p *pages) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /passkey.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(access.PasskeyScript)
	})
	mux.HandleFunc("GET /in", func(w http.ResponseWriter, r *http.Request) {
		p.show(w, 200, page{Title: "Come in", Forms: []form{{Action: "/in", Button: "Come in", Code: r.URL.Query().Get("code")}}})
	})
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		t, _, err := p.Redeem(r.Context(), r.PostFormValue("code"), "a browser")
		if err != nil {
			p.show(w, ruling.Of(err).Kind.Status(), page{Title: "No", Said: ruling.Of(err).Key})
			return
		}
		p.setCookie(w, t)
		http.Redirect(w, r, "/wait", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /wait", func(w http.ResponseWriter, r *http.Request) {
		n, err := p.Waiting(r.Context(), p.cookie(r))
		if err != nil {
			p.show(w, 403, page{Title: "No", Said: ruling.Of(err).Key})
			return
		}
		p.show(w, 200, page{Title: "Wait", Said: n.Fingerprint, Forms: []form{{Kind: "create", Begin: "/register/begin", Finish: "/register/finish", Button: "Add"}}})
	})
	mux.HandleFunc("GET /home", func(w http.ResponseWriter, r *http.Request) {
		v, err := p.Who(r.Context(), p.cookie(r))
		if err != nil {
			p.show(w, 403, page{Title: "No", Said: ruling.Of(err).Key})
			return
		}
		p.show(w, 200, page{Title: "Home", Said: v.Person.Name, Forms: []form{{Kind: "get", Begin: "/sign/begin", Action: "/sign", Act: true, Button: "Initial"}}})
	})
	mux.HandleFunc("GET /sign-in", func(w http.ResponseWriter, r *http.Request) {
		p.show(w, 200, page{Title: "Sign in", Forms: []form{{Kind: "get", Begin: "/login/begin", Finish: "/login/finish", Button: "Sign in"}}})
	})
	p.ceremonies(mux)
	return p.guard(mux)
}

// ceremonies mounts them: this is what internal/web does too.
func (p *pages) ceremonies(mux *http.ServeMux) {
	mux.HandleFunc("POST /register/begin", func(w http.ResponseWriter, r *http.Request) {
		v, err := p.visit(r)
		if err != nil {
			p.json(w, nil, err)
			return
		}
		options, t, err := p.BeginRegistration(r.Context(), v)
		p.begin(w, options, t, err)
	})
	mux.HandleFunc("POST /register/finish", func(w http.ResponseWriter, r *http.Request) {
		v, err := p.visit(r)
		if err == nil {
			f := p.answer(r)
			_, err = p.FinishRegistration(r.Context(), v, f.Ceremony, f.Response, "Chromium")
		}
		p.json(w, map[string]string{"to": "/wait"}, err)
	})
	mux.HandleFunc("POST /login/begin", func(w http.ResponseWriter, r *http.Request) {
		options, t, err := p.BeginLogin(r.Context())
		p.begin(w, options, t, err)
	})
	mux.HandleFunc("POST /login/finish", func(w http.ResponseWriter, r *http.Request) {
		f := p.answer(r)
		t, _, err := p.FinishLogin(r.Context(), f.Ceremony, f.Response, "Chromium")
		if err == nil {
			p.setCookie(w, t)
		}
		p.json(w, map[string]string{"to": "/home"}, err)
	})
	mux.HandleFunc("POST /sign/begin", func(w http.ResponseWriter, r *http.Request) {
		v, err := p.Who(r.Context(), p.cookie(r))
		if err != nil {
			p.json(w, nil, err)
			return
		}
		options, t, err := p.BeginStepUp(r.Context(), v, &initial)
		p.begin(w, options, t, err)
	})
	mux.HandleFunc("POST /sign", func(w http.ResponseWriter, r *http.Request) {
		v, err := p.Who(r.Context(), p.cookie(r))
		if err == nil {
			p.signed, err = p.FinishStepUp(r.Context(), v, r.PostFormValue("ceremony"), []byte(r.PostFormValue("response")))
		}
		if err != nil {
			p.show(w, 403, page{Title: "No", Said: ruling.Of(err).Key})
			return
		}
		p.show(w, 200, page{Title: "Signed", Said: fmt.Sprint(len(p.signed), " bytes")})
	})
}

// guard keeps what is posted and sets the headers that the house's pages have.
func (p *pages) guard(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; "+
			"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
		b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.bodies.Write(b)
		r.Body = io.NopCloser(bytes.NewReader(b))
		next.ServeHTTP(w, r)
	}))
}

// at returns the address of a test server under another name.
func at(t *testing.T, s *httptest.Server, host string) string {
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	ok(t, err)
	return "http://" + host + ":" + port
}

// browse starts Chromium with a phone in it that has passkeys and PRF.
func browse(t *testing.T) (context.Context, webauthn.AuthenticatorID) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED: there is no chromium on this machine, so no browser has made a passkey")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), o...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	_, err = chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{})
	ok(t, err)
	a, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Ctap2version: "ctap2_1", Transport: "internal", HasResidentKey: true, HasUserVerification: true,
		HasPrf: true, IsUserVerified: true, AutomaticPresenceSimulation: true, DefaultBackupEligibility: true, DefaultBackupState: true,
	}})
	ok(t, err)
	return ctx, a.AuthenticatorID
}

// press presses the one button and waits until the page says something of that form.
func press(t *testing.T, ctx context.Context, until string) string {
	t.Helper()
	ok(t, chromedp.Do(ctx, chromedp.Click(chromedp.CSS("button"))))
	return says(t, ctx, until)
}

func says(t *testing.T, ctx context.Context, until string) string {
	t.Helper()
	var last string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState == "complete" ? document.title + ": " + document.body.innerText : ""`))
		if err == nil && strings.Contains(text, until) {
			return text
		}
		if err == nil {
			last = text
		}
	}
	t.Fatalf("the page never says %q, but %q", until, last)
	return ""
}

func open(t *testing.T, ctx context.Context, address, until string) string {
	t.Helper()
	ok(t, chromedp.Do(ctx, chromedp.Navigate(address)))
	return says(t, ctx, until)
}

func TestInARealBrowser(t *testing.T) {
	ctx, phone := browse(t)
	p := &pages{table: newTable(t)}
	server := httptest.NewServer(p.handler())
	t.Cleanup(server.Close)
	home := at(t, server, "parley.localhost")
	p.Site = access.Site{Host: "parley.localhost", Origins: []string{home}, Name: "The Lake talks", PRF: bytes.Repeat([]byte{7}, 32)}
	took := func(what string, since time.Time) { t.Logf("%s: %v", what, time.Since(since).Round(time.Millisecond)) }

	// An invitation: looking leaves it as it is, pressing uses it up.
	njeri, links := p.invite(t, p.wanjiru, "Njeri Wanjohi", kenyan, 0)
	for range 2 {
		open(t, ctx, home+"/in?code="+links[0].Text(), "Come in")
	}
	before := press(t, ctx, "Wait: ")
	open(t, ctx, home+"/home", "not-confirmed")

	// She registers her phone, and reads the numbers out to the head.
	open(t, ctx, home+"/wait", "Wait")
	start := time.Now()
	ok(t, chromedp.Do(ctx, chromedp.Click(chromedp.CSS("button"))))
	for len(mustKeys(t, p, njeri)) == 0 && time.Since(start) < 20*time.Second {
		time.Sleep(5 * time.Millisecond)
	}
	took("registering", start)
	list, err := p.Newcomers(t.Context(), p.wanjiru, "lake")
	ok(t, err)
	if len(list) != 1 || strings.Contains(before, list[0].Fingerprint) {
		t.Fatalf("the head sees %+v", list)
	}
	says(t, ctx, list[0].Fingerprint)
	open(t, ctx, home+"/sign-in", "Sign in")
	press(t, ctx, "not-confirmed")
	ok(t, p.ConfirmNewcomer(t.Context(), p.wanjiru, "lake", list[0].Pass.Handle(), list[0].Fingerprint))

	// She signs in with it, and initials a text.
	open(t, ctx, home+"/sign-in", "Sign in")
	_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](`document.addEventListener("passkey-prf", (e) => {
		localStorage.prf = btoa(String.fromCharCode(...new Uint8Array(e.detail.first))) }), true`))
	ok(t, err)
	start = time.Now()
	press(t, ctx, "Home: Home")
	took("signing in", start)
	says(t, ctx, "Njeri Wanjohi")
	start = time.Now()
	press(t, ctx, "Signed")
	took("signing an act", start)
	key := mustKeys(t, p, njeri)[0]
	act, err := initial.Marshal()
	ok(t, err)
	ok(t, evidence.Verify(p.signed, evidence.Hash(act), key.Public, "parley.localhost", home))
	t.Logf("evidence: %d bytes", len(p.signed))

	// The page has what the passkey derives for it; the house never had.
	secret, err := chromedp.Run(ctx, chromedp.Evaluate[string](`localStorage.prf || ""`))
	ok(t, err)
	p.secretsStayed(t, secret)
	p.toJSONIsRefused(t, ctx, home)

	p.phish(t, ctx, server, home)

	p.lose(t, ctx, phone, home, njeri)
}

// lose revokes a phone that was lost, and then tries one in which nobody can be verified.
func (p *pages) lose(t *testing.T, ctx context.Context, phone webauthn.AuthenticatorID, home string, njeri access.Person) {
	t.Helper()
	open(t, ctx, home+"/home", "Njeri Wanjohi")
	ok(t, p.RevokeMember(t.Context(), p.wanjiru, "lake", seat.Seat{Person: seat.Person(njeri.ID), Party: "kenya", Role: seat.Delegate}))
	open(t, ctx, home+"/home", "not-signed-in")
	open(t, ctx, home+"/sign-in", "Sign in")
	press(t, ctx, "passkey-not-good")

	_, err := chromedp.Call(ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: phone, IsUserVerified: false})
	ok(t, err)
	open(t, ctx, home+"/sign-in", "Sign in")
	press(t, ctx, "It did not work.")
}

func mustKeys(t *testing.T, p *pages, who access.Person) []access.Passkey {
	t.Helper()
	keys, err := p.Passkeys(t.Context(), who.ID)
	ok(t, err)
	return keys
}

func (p *pages) secretsStayed(t *testing.T, secret string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(secret) != 44 {
		t.Errorf("the page derived %q", secret)
	}
	posted := p.bodies.String()
	if !strings.Contains(posted, "clientExtensionResults") {
		t.Error("nothing was posted that could hold it")
	}
	short := strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(secret), "=")
	for _, s := range []string{secret, url.QueryEscape(secret), short} {
		if s == "" || strings.Contains(posted, s) {
			t.Errorf("what the passkey derived was posted: %q", s)
		}
	}
	if strings.Contains(posted, "results\"") && strings.Contains(posted, `"results":{`) {
		t.Error("PRF results were posted")
	}
}

// toJSONIsRefused does what a page would that posts credential.toJSON() as it is.
func (p *pages) toJSONIsRefused(t *testing.T, ctx context.Context, home string) {
	t.Helper()
	open(t, ctx, home+"/sign-in", "Sign in")
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
		const { ceremony, options } = await (await fetch("/login/begin", { method: "POST" })).json();
		const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
		const response = (await navigator.credentials.get({ publicKey })).toJSON();
		const body = JSON.stringify({ ceremony, response });
		const answer = await fetch("/login/finish", { method: "POST", headers: { "Content-Type": "application/json" }, body });
		return body.includes('"results"') + " " + (await answer.json()).detail;
	})()`, chromedp.EvalAwaitPromise))
	if err != nil || said != "true prf-sent" {
		t.Errorf("toJSON, posted as it is: %q, %v", said, err)
	}
}

// phish (threat 15) passes a site on under another name, as it is and with the
// name of the site exchanged for its own.
func (p *pages) phish(t *testing.T, ctx context.Context, server *httptest.Server, home string) {
	t.Helper()
	target, err := url.Parse(server.URL)
	ok(t, err)
	for _, rewrite := range []bool{false, true} {
		proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = strings.TrimPrefix(home, "http://")
			r.Out.Header.Set("Origin", home)
			r.Out.Header.Del("Sec-Fetch-Site")
			r.Out.Header.Del("Accept-Encoding")
		}, ModifyResponse: func(r *http.Response) error {
			b, err := io.ReadAll(r.Body)
			if rewrite {
				b = bytes.ReplaceAll(b, []byte(`"rpId":"parley.localhost"`), []byte(`"rpId":"mallory.localhost"`))
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
			r.Header.Set("Content-Length", fmt.Sprint(len(b)))
			return err
		}}
		mallory := httptest.NewServer(proxy)
		open(t, ctx, at(t, mallory, "mallory.localhost")+"/sign-in", "Sign in")
		press(t, ctx, "It did not work.")
		open(t, ctx, at(t, mallory, "mallory.localhost")+"/home", "not-signed-in")
		mallory.Close()
	}
}
