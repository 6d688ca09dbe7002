package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/access"
)

// A visitor is a browser of somebody's.
type visitor struct {
	*http.Client
	base string
}

func newVisitor(t testing.TB, base string) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return visitor{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, base}
}

// signIn presses the button of a link's page.
func (v visitor) signIn(t testing.TB, link access.Token) (status int, page string) {
	t.Helper()
	w, err := v.PostForm(v.base+"/sign-in", url.Values{"code": {link.Text()}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, strings.ReplaceAll(string(text), link.Text(), "LINK")
}

// reads reports the status of the API's answer to this browser.
func (v visitor) reads(t testing.TB, path string) int {
	t.Helper()
	w, err := v.Get(v.base + path)
	if err != nil {
		t.Fatal(err)
	}
	w.Body.Close()
	return w.StatusCode
}

// TestALinkWorksOnce follows a link through the pages to the API: it lets one
// browser in, once, for 72 hours; what is no good any more is told like what
// never was.
func TestALinkWorksOnce(t *testing.T) {
	l := newLake(t, t.TempDir()+"/house")
	at := newTerminal()
	var later atomic.Int64
	at.now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	h, err := at.open(l.dir, opening{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	server := httptest.NewServer(at.handler(h, listening{link: linksTo("")}, nil))
	defer server.Close()
	njeri, err := h.find(t.Context(), "Njeri")
	if err != nil {
		t.Fatal(err)
	}
	invite := func() access.Token {
		t.Helper()
		link, _, err := h.door.Invite(t.Context(), njeri.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		return link
	}

	link, hers, mallorys := invite(), newVisitor(t, server.URL), newVisitor(t, server.URL)
	if got := hers.reads(t, "/in/"+link.Text()); got != http.StatusOK { // looking does not use it up
		t.Errorf("the link's page: %d", got)
	}
	if status, page := hers.signIn(t, link); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, page)
	}
	if got := hers.reads(t, "/api/talks/lake/record"); got != http.StatusOK {
		t.Errorf("her browser reads: %d", got)
	}
	status, used := mallorys.signIn(t, link)
	if status != http.StatusForbidden || !strings.Contains(used, "a link works once") {
		t.Errorf("the link again: %d %s", status, used)
	}
	if got := mallorys.reads(t, "/api/talks/lake/record"); got != http.StatusNotFound {
		t.Errorf("Mallory's browser reads: %d", got)
	}

	late := invite()
	later.Store(int64(access.LinkLife + time.Minute))
	if status, page := mallorys.signIn(t, late); status != http.StatusForbidden || page != used {
		t.Errorf("a link of four days ago is told apart from a used one: %d %s", status, page)
	}
	if status, page := mallorys.signIn(t, access.Token{}); status != http.StatusForbidden || page != used {
		t.Errorf("a link that never was is told apart from a used one: %d %s", status, page)
	}
	if got := hers.reads(t, "/api/talks/lake/record"); got != http.StatusForbidden { // the login is over too
		t.Errorf("four days later her browser reads: %d", got)
	}
}
