package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/internal/access"
	"parley/internal/memory"
	"parley/internal/ruling"
)

// A house with a clock on the wall that the test turns, and a log that it reads.
type house struct {
	access.Door
	clock time.Time
	log   bytes.Buffer
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{clock: time.Date(2030, 5, 16, 9, 0, 0, 0, time.UTC)}
	h.Door = access.Door{
		Store: new(memory.Access),
		Now:   func() time.Time { return h.clock },
		Rand:  rand.NewChaCha8([32]byte{1}),
		Log:   slog.New(slog.NewTextHandler(&h.log, nil)),
	}
	return h
}

func (h *house) enrol(t *testing.T, name string) access.Person {
	t.Helper()
	p, err := h.Enrol(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) invite(t *testing.T, p access.Person) string {
	t.Helper()
	link, _, err := h.Invite(t.Context(), p.ID, "convene:lake")
	if err != nil {
		t.Fatal(err)
	}
	return link.Text()
}

func (h *house) signIn(t *testing.T, p access.Person) string {
	t.Helper()
	cookie, _, err := h.Redeem(t.Context(), h.invite(t, p), "a phone")
	if err != nil {
		t.Fatal(err)
	}
	return cookie.Text()
}

func refusal(t *testing.T, what string, err error, kind ruling.Kind, key string) {
	t.Helper()
	var r *ruling.Refusal
	if !errors.As(err, &r) || r.Kind != kind || r.Key != key {
		t.Errorf("%s: got %v, want %v: %s", what, err, kind, key)
	}
}

func TestTheFirstLinkOfTheHouse(t *testing.T) {
	h := newHouse(t)
	link, ada, err := h.First(t.Context(), " Ada Lindqvist ", "convene:lake")
	if err != nil {
		t.Fatal(err)
	}
	if ada.Name != "Ada Lindqvist" || len(ada.ID) != 10 || !strings.HasPrefix(string(ada.ID), "p-") {
		t.Errorf("the first person is %+v", ada)
	}
	cookie, visit, err := h.Redeem(t.Context(), link.Text(), "Ada's laptop")
	if err != nil {
		t.Fatal(err)
	}
	if visit.Person.ID != ada.ID || visit.Pass.Purpose != "convene:lake" {
		t.Errorf("the link let in %+v", visit)
	}
	again, err := h.Who(t.Context(), cookie.Text())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(visit, again); diff != "" {
		t.Errorf("the cookie is for another visit:\n%s", diff)
	}
	_, _, err = h.First(t.Context(), "Mallory", "convene:lake")
	refusal(t, "a second first link", err, ruling.OutOfOrder, "house-has-people")
}

func TestLookingAtALinkDoesNotUseItUp(t *testing.T) {
	h := newHouse(t)
	njeri := h.enrol(t, "Njeri Wanjohi")
	link := h.invite(t, njeri)
	for range 3 { // a mail scanner, a preview, Njeri
		v, err := h.Peek(t.Context(), link)
		if err != nil || v.Person.ID != njeri.ID {
			t.Fatalf("looking: %+v, %v", v, err)
		}
	}
	if _, _, err := h.Redeem(t.Context(), strings.ToUpper(link[:13])+" - "+link[13:], ""); err != nil {
		t.Errorf("pressing, as typed off paper: %v", err)
	}
}

// Whatever Mallory tries, she is told the same; the operator is told why.
func TestALinkThatIsNoGood(t *testing.T) {
	for _, c := range []struct {
		name, why string
		link      func(t *testing.T, h *house, link string, p access.Person) string
	}{
		{"unknown", "unknown", func(t *testing.T, h *house, link string, p access.Person) string { return strings.Repeat("0", 26) }},
		{"not a token", "not a token", func(t *testing.T, h *house, link string, p access.Person) string { return "open sesame" }},
		{"empty", "not a token", func(t *testing.T, h *house, link string, p access.Person) string { return "" }},
		{"endless", "not a token", func(t *testing.T, h *house, link string, p access.Person) string { return strings.Repeat("0", 1<<20) }},
		{"spelt with spare bits", "not a token", func(t *testing.T, h *house, link string, p access.Person) string {
			return link[:25] + map[bool]string{true: "1", false: "z"}[link[25] == '0']
		}},
		{"used", "used before", func(t *testing.T, h *house, link string, p access.Person) string {
			if _, _, err := h.Redeem(t.Context(), link, ""); err != nil {
				t.Fatal(err)
			}
			return link
		}},
		{"expired", "expired", func(t *testing.T, h *house, link string, p access.Person) string {
			h.clock = h.clock.Add(access.LinkLife)
			return link
		}},
		{"revoked", "revoked", func(t *testing.T, h *house, link string, p access.Person) string {
			if err := h.RevokeAll(t.Context(), p.ID); err != nil {
				t.Fatal(err)
			}
			return link
		}},
		{"a cookie", "a login where a link is asked for", func(t *testing.T, h *house, link string, p access.Person) string { return h.signIn(t, p) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			njeri := h.enrol(t, "Njeri Wanjohi")
			link := c.link(t, h, h.invite(t, njeri), njeri)
			h.log.Reset()
			_, looked := h.Peek(t.Context(), link)
			_, _, pressed := h.Redeem(t.Context(), link, "")
			want := ruling.No(ruling.Denied, 0, "link-not-good")
			for what, err := range map[string]error{"looking": looked, "pressing": pressed} {
				if diff := cmp.Diff(want, err); diff != "" {
					t.Errorf("%s is told apart:\n%s", what, diff)
				}
			}
			if !strings.Contains(h.log.String(), `why="`+c.why) && !strings.Contains(h.log.String(), "why="+c.why) {
				t.Errorf("the operator reads:\n%s", &h.log)
			}
			if len(link) == 26 && strings.Contains(h.log.String(), link) {
				t.Error("the token is in the log")
			}
		})
	}
}

func TestALinkIsGoodUntilItsLastMoment(t *testing.T) {
	h := newHouse(t)
	link := h.invite(t, h.enrol(t, "Njeri Wanjohi"))
	h.clock = h.clock.Add(access.LinkLife - time.Microsecond)
	if _, _, err := h.Redeem(t.Context(), link, ""); err != nil {
		t.Error(err)
	}
}

func TestAHundredPressAtOnce(t *testing.T) {
	h := newHouse(t)
	h.Rand = locked(h.Rand)
	h.Log = nil
	njeri := h.enrol(t, "Njeri Wanjohi")
	link := h.invite(t, njeri)
	var won, lost atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, _, err := h.Redeem(context.Background(), link, "")
			var r *ruling.Refusal
			switch {
			case err == nil:
				won.Add(1)
			case errors.As(err, &r) && r.Key == "link-not-good":
				lost.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || lost.Load() != 99 {
		t.Errorf("%d came in and %d were turned away", won.Load(), lost.Load())
	}
}

type lockedReader struct {
	mu sync.Mutex
	r  interface{ Read([]byte) (int, error) }
}

func locked(r interface{ Read([]byte) (int, error) }) *lockedReader { return &lockedReader{r: r} }

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}

func TestALoginRunsOut(t *testing.T) {
	h := newHouse(t)
	cookie := h.signIn(t, h.enrol(t, "Njeri Wanjohi"))
	start := h.clock
	for h.clock.Sub(start) < access.LoginLife-20*time.Minute {
		h.clock = h.clock.Add(20 * time.Minute)
		if h.clock.Sub(start) < access.LoginLife {
			if _, err := h.Who(t.Context(), cookie); err != nil {
				t.Fatalf("after %v, never idle for long: %v", h.clock.Sub(start), err)
			}
		}
	}
	h.clock = start.Add(access.LoginLife)
	_, err := h.Who(t.Context(), cookie)
	refusal(t, "after twelve hours", err, ruling.Denied, "not-signed-in")

	idle := h.signIn(t, h.enrol(t, "Mwangi Otieno"))
	h.clock = h.clock.Add(access.LoginIdle)
	_, err = h.Who(t.Context(), idle)
	refusal(t, "after half an hour of nothing", err, ruling.Denied, "not-signed-in")
}

func TestSigningOutAndRevoking(t *testing.T) {
	h := newHouse(t)
	njeri, mallory := h.enrol(t, "Njeri Wanjohi"), h.enrol(t, "Mallory")
	phone, laptop := h.signIn(t, njeri), h.signIn(t, njeri)
	h.signIn(t, mallory)
	passes, err := h.Passes(t.Context(), njeri.ID)
	if err != nil || len(passes) != 2 {
		t.Fatalf("Njeri has %d devices: %v", len(passes), err)
	}
	v, err := h.Who(t.Context(), phone)
	if err != nil {
		t.Fatal(err)
	}
	refusal(t, "Mallory revokes Njeri's login", h.Revoke(t.Context(), mallory.ID, v.Pass.Handle()), ruling.Absent, "nothing-here")
	if err := h.Revoke(t.Context(), njeri.ID, v.Pass.Handle()); err != nil {
		t.Fatal(err)
	}
	_, err = h.Who(t.Context(), phone)
	refusal(t, "the lost phone", err, ruling.Denied, "not-signed-in")
	if _, err := h.Who(t.Context(), laptop); err != nil {
		t.Errorf("the laptop: %v", err)
	}
	for range 2 {
		if err := h.SignOut(t.Context(), laptop); err != nil {
			t.Fatal(err)
		}
	}
	_, err = h.Who(t.Context(), laptop)
	refusal(t, "the laptop after signing out", err, ruling.Denied, "not-signed-in")
	if passes, _ := h.Passes(t.Context(), njeri.ID); len(passes) != 0 {
		t.Errorf("Njeri still has %v", passes)
	}
}

func TestAScriptIsNotABrowser(t *testing.T) {
	h := newHouse(t)
	njeri := h.enrol(t, "Njeri Wanjohi")
	token, _, err := h.GiveScript(t.Context(), njeri.ID, "minutes to the ministry", 30*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	h.clock = h.clock.Add(29 * 24 * time.Hour)
	v, err := h.WhoseScript(t.Context(), token.Text())
	if err != nil || v.Person.ID != njeri.ID || v.Pass.Label != "minutes to the ministry" {
		t.Errorf("the script comes as %+v, %v", v, err)
	}
	_, err = h.Who(t.Context(), token.Text())
	refusal(t, "a script's token as a cookie", err, ruling.Denied, "not-signed-in")
	_, err = h.WhoseScript(t.Context(), h.signIn(t, njeri))
	refusal(t, "a cookie as a script's token", err, ruling.Denied, "token-not-good")
	h.clock = h.clock.Add(24 * time.Hour)
	_, err = h.WhoseScript(t.Context(), token.Text())
	refusal(t, "a month later", err, ruling.Denied, "token-not-good")
}

func TestWhatPeopleTypeIsChecked(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"", "  ", strings.Repeat("x", 201), "two\nlines", "right\u202eleft", "\xff"} {
		_, err := h.Enrol(t.Context(), name)
		refusal(t, fmt.Sprintf("the name %q", name), err, ruling.Invalid, "person-name")
	}
	for _, name := range []string{"İstanbul Ş.", "Олена Ковальчук", "علی\u200cرضا", "李"} {
		if _, err := h.Enrol(t.Context(), name); err != nil {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	_, _, err := h.Invite(t.Context(), "p-00000000", "")
	refusal(t, "a link for nobody", err, ruling.Absent, "nothing-here")
	_, err = h.Person(t.Context(), "p-00000000")
	refusal(t, "nobody", err, ruling.Absent, "nothing-here")
	refusal(t, "nobody joins", h.Join(t.Context(), "p-00000000", "lake"), ruling.Absent, "nothing-here")
	njeri := h.enrol(t, "Njeri Wanjohi")
	_, _, err = h.GiveScript(t.Context(), njeri.ID, "", time.Hour)
	refusal(t, "a script without a name", err, ruling.Invalid, "token-label")
	_, _, err = h.GiveScript(t.Context(), njeri.ID, "x", 0)
	refusal(t, "a script for no time", err, ruling.Invalid, "token-life")
	_, v, err := h.Redeem(t.Context(), h.invite(t, njeri), "Mozilla\x00\n"+strings.Repeat("ж", 500))
	if err != nil || len(v.Pass.Label) > 200 || strings.ContainsAny(v.Pass.Label, "\x00\n") {
		t.Errorf("a strange browser: %q, %v", v.Pass.Label, err)
	}
}

func TestATokenDoesNotPrint(t *testing.T) {
	h := newHouse(t)
	token, _, err := h.Invite(t.Context(), h.enrol(t, "Njeri Wanjohi").ID, "")
	if err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewJSONHandler(&h.log, nil)).Info("x", "token", token)
	shown := fmt.Sprintf("%v %s %x %+v %#v %q %d", token, token, token, token, token, token, token) + h.log.String()
	if b, err := json.Marshal(token); err != nil || strings.Contains(string(b), token.Text()) {
		t.Errorf("as JSON: %s, %v", b, err)
	}
	if strings.Contains(shown, token.Text()) || strings.Contains(shown, fmt.Sprintf("%x", token.Text())) {
		t.Errorf("it prints: %s", shown)
	}
}

func TestSweeping(t *testing.T) {
	h := newHouse(t)
	link := h.invite(t, h.enrol(t, "Njeri Wanjohi"))
	h.clock = h.clock.Add(access.LinkLife + 31*24*time.Hour)
	if n, err := h.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	_, err := h.Peek(t.Context(), link)
	refusal(t, "a link that was swept away", err, ruling.Denied, "link-not-good")
}

// fullStore is a store on a full disk: nothing can be noted.
type fullStore struct{ access.Store }

func (fullStore) Seen(context.Context, access.Digest, time.Time) error {
	return errors.New("the disk is full")
}

func TestOnAFullDiskPeopleMayStillRead(t *testing.T) {
	h := newHouse(t)
	cookie := h.signIn(t, h.enrol(t, "Njeri Wanjohi"))
	h.Store = fullStore{h.Store}
	h.clock = h.clock.Add(10 * time.Minute)
	if _, err := h.Who(t.Context(), cookie); err != nil {
		t.Error(err)
	}
	if !strings.Contains(h.log.String(), "the disk is full") {
		t.Error("the operator is not told")
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add("0123456789abcdefghjkmnpqr0")
	f.Add("O1LI-0000 00000000000000000000")
	f.Fuzz(func(t *testing.T, text string) {
		token, ok := access.ParseToken(text)
		if !ok {
			return
		}
		again, ok := access.ParseToken(token.Text())
		if !ok || again != token {
			t.Errorf("%q is read as %q and then as %q", text, token.Text(), again.Text())
		}
	})
}
