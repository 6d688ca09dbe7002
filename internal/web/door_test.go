package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestComingIn: opening a link changes nothing, pressing its button does, once.
func TestComingIn(t *testing.T) {
	s := seated(t)
	link, _, err := s.Door.Invite(t.Context(), s.people["otieno"], "")
	s.must(err)
	for range 3 {
		s.page("", "/in/"+link.Text()).says("Come in as Otieno Ok")
	}
	a := s.post("", "/sign-in", url.Values{"code": {link.Text()}})
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/talks/lake" {
		t.Fatalf("%d to %q\n%s", a.Status, a.Header.Get("Location"), a.Body)
	}
	cookie := a.Header.Get("Set-Cookie")
	for _, want := range []string{"parley=", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) || strings.Contains(cookie, "Domain") {
			t.Errorf("the cookie is %s", cookie)
		}
	}
	if a := s.post("", "/sign-in", url.Values{"code": {link.Text()}}); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "a link works once") {
		t.Errorf("a second press: %d", a.Status)
	}
	if a := s.get("", "/in/"+link.Text()); a.Status != http.StatusForbidden {
		t.Errorf("the used link opens: %d", a.Status)
	}
	s.page("otieno", "/devices").says("My devices", "This device")
	p := s.page("otieno", "/devices")
	handles := p.all("[name=handle]")
	if len(handles) != 2 {
		t.Fatalf("%d devices", len(handles))
	}
	other := ""
	for _, li := range p.all(".people li") {
		in := &page{t, li, words(li)}
		if !strings.Contains(in.text, "This device") {
			other, _ = attr(in.all("[name=handle]")[0], "value")
		}
	}
	s.post("otieno", "/devices", url.Values{"handle": {other}})
	if n := len(s.page("otieno", "/devices").all("[name=handle]")); n != 1 {
		t.Errorf("%d devices are left", n)
	}
	s.post("otieno", "/sign-out", nil)
	if a := s.get("otieno", "/talks/lake/meeting"); a.Status != http.StatusNotFound {
		t.Errorf("signed out, Otieno gets %d", a.Status)
	}
}

// TestSecureCookie: over TLS the cookie is one that no other host can set.
func TestSecureCookie(t *testing.T) {
	s := seated(t)
	link, _, err := s.Door.Invite(t.Context(), s.people["otieno"], "")
	s.must(err)
	r, _ := http.NewRequest("POST", "https://house.example/sign-in", strings.NewReader("code="+link.Text()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := s.send(r, true)
	if got := a.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-parley=") || !strings.Contains(got, "Secure") {
		t.Errorf("the cookie is %s", got)
	}
	if a.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// TestOtherOrigin: what another site has a browser send is not entered.
func TestOtherOrigin(t *testing.T) {
	s := inSession(t)
	r, _ := http.NewRequest("POST", "http://house.example/talks/lake/acts/adjourn-meeting", strings.NewReader(""))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(&http.Cookie{Name: "parley", Value: s.cookie["ada"]})
	if a := s.send(r, false); a.Status != http.StatusForbidden || !strings.Contains(a.Body, "sent from another site") {
		t.Errorf("%d", a.Status)
	}
	s.page("ada", "/talks/lake/meeting").says("Adjourn the meeting")
}

// TestNewcomers: whoever seats somebody is shown their link once; a list may be
// pasted or sent as a file; pressing twice shows the same links.
func TestNewcomers(t *testing.T) {
	s := seated(t)
	form := values(`party=uganda name="Apio Ad" as=delegate request=seat1`)
	a := s.post("ada", "/talks/lake/acts/accredit", form)
	p := read(t, a.Body)
	if a.Status != http.StatusOK {
		t.Fatalf("%d\n%s", a.Status, a.Body)
	}
	p.says("A link for a newcomer", "Link of Apio Ad")
	link, _ := attr(p.all("#link-0")[0], "value")
	if again := s.post("ada", "/talks/lake/acts/accredit", form); again.Body != a.Body {
		t.Error("pressed twice, the link is lost or another")
	}
	address, err := url.Parse(link)
	s.must(err)
	s.page("", address.Path).says("Come in as Apio Ad")
	s.page("ada", "/talks/lake/delegations").says("Apio Ad", "2 persons")

	list := "name,rank,offices,powers\nOkello Ok,delegate,Engineer,negotiate\n\"Achieng, A.\",adviser,,\n"
	a = s.post("otieno", "/talks/lake/acts/accredit-list", url.Values{"party": {"uganda"}, "list": {list}, "request": {"l1"}})
	if p := read(t, a.Body); a.Status != http.StatusOK || len(p.all(".newcomer")) != 2 {
		t.Fatalf("%d\n%s", a.Status, p.text)
	}
	before, err := s.Door.People(t.Context())
	s.must(err)
	a = s.post("otieno", "/talks/lake/acts/accredit-list", url.Values{"party": {"uganda"}, "list": {"name,rank,offices,powers\nX,king,,\n"}, "request": {"l2"}})
	if p := read(t, a.Body); a.Status != http.StatusBadRequest || !strings.Contains(p.text, "Line 2") {
		t.Errorf("%d %s", a.Status, p.text)
	}
	if p := read(t, a.Body); !strings.Contains(p.value("accredit-list", "list"), "X,king") {
		t.Error("the list that was refused is lost")
	}
	after, err := s.Door.People(t.Context())
	s.must(err)
	if len(after) != len(before) {
		t.Error("somebody was enrolled for a list that was refused")
	}
	if a := s.post("otieno", "/talks/lake/acts/accredit", values(`party=kenya name="Spy" as=delegate`)); a.Status != http.StatusForbidden {
		t.Errorf("Otieno accredits to Kenya: %d", a.Status)
	}
}
