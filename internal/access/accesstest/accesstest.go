// Package accesstest is the conformance suite for stores of people and passes:
// what passes [TestStore] is an [access.Store].
//
// Beyond the words of the interface it settles these points: times come back
// in UTC to the microsecond, and zero as zero; a person's talks come back in
// order and once each; what does not exist has no passes; Revoke and Seen of a
// pass that is not there do nothing.
package accesstest

import (
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/internal/access"
)

// The people of the suite.
var (
	ada    = access.Person{ID: "p-00000ada", Name: "Ada Lindqvist", Talks: []string{"lake"}}
	njeri  = access.Person{ID: "p-0000ae01", Name: "Njeri Wanjohi", Talks: []string{"lake", "shore"}}
	nobody = access.PersonID("p-0000dead")
)

var morning = time.Date(2030, 5, 16, 9, 0, 0, 123_456_000, time.UTC)

// TestStore checks that the empty stores which open returns keep the promises
// of [access.Store].
func TestStore(t *testing.T, open func(t testing.TB) access.Store) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, access.Store)
	}{
		{"people", testPeople},
		{"talks", testTalks},
		{"passes", testPasses},
		{"a link works once", testRedeem},
		{"a link that is no good does not work", testNotRedeemed},
		{"a hundred press at once", testRace},
		{"revoking and redeeming at once leaves no way in", testRevokeRace},
		{"seen", testSeen},
		{"revoked", testRevoke},
		{"swept", testSweep},
		{"what waits to be confirmed", testConfirm},
		{"a sheet is confirmed whole", testConfirmSheet},
		{"passkeys", testPasskeys},
		{"a passkey of a login that is no good", testNotRegistered},
		{"signing in", testSignIn},
		{"a signature is counted once", testSignInRace},
		{"stepping up", testStepUp},
		{"a retired passkey", testRetire},
		{"ceremonies", testCeremonies},
		{"a challenge is answered once", testCeremonyRace},
		{"identities", testIdentities},
		{"revoking everything takes passkeys and identities", testRevokeEverything},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.test(t, open(t)) })
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func digest(text string) access.Digest { return sha256.Sum256([]byte(text)) }

func pass(kind access.Kind, to access.Person, text string, life time.Duration) access.Pass {
	return access.Pass{
		Digest: digest(text), Kind: kind, Person: to.ID, Purpose: "convene:lake", Label: "a phone",
		Made: morning, Seen: morning, Until: morning.Add(life),
	}
}

func look(t testing.TB, s access.Store, text string) access.Pass {
	t.Helper()
	p, ok, err := s.Pass(t.Context(), digest(text))
	must(t, err)
	if !ok {
		t.Fatalf("the pass %q is not there", text)
	}
	return p
}

func testPeople(t *testing.T, s access.Store) {
	ctx := t.Context()
	people, err := s.People(ctx)
	must(t, err)
	same(t, "an empty house", []access.Person{}, people)
	_, err = s.Person(ctx, nobody)
	refused(t, "who is not there", err, access.ErrNobody)

	must(t, s.Enrol(ctx, njeri))
	must(t, s.Enrol(ctx, ada))
	refused(t, "an id a second time", s.Enrol(ctx, access.Person{ID: ada.ID, Name: "Mallory"}), access.ErrTaken)
	got, err := s.Person(ctx, ada.ID)
	must(t, err)
	same(t, "Ada", ada, got)
	people, err = s.People(ctx)
	must(t, err)
	same(t, "everybody", []access.Person{ada, njeri}, people)
}

func testTalks(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	for _, talks := range []string{"shore", "bay", "shore"} {
		must(t, s.Join(ctx, ada.ID, talks))
	}
	got, err := s.Person(ctx, ada.ID)
	must(t, err)
	same(t, "Ada's talks", []string{"bay", "lake", "shore"}, got.Talks)
	people, err := s.People(ctx)
	must(t, err)
	same(t, "Ada's talks in the list", []string{"bay", "lake", "shore"}, people[0].Talks)
	refused(t, "talks for nobody", s.Join(ctx, nobody, "lake"), access.ErrNobody)
}

func testPasses(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	link, script := pass(access.Link, ada, "link", time.Hour), pass(access.Script, ada, "script", time.Hour)
	script.Made = morning.Add(-time.Minute)
	must(t, s.Issue(ctx, link))
	must(t, s.Issue(ctx, script))
	refused(t, "a digest a second time", s.Issue(ctx, link), access.ErrTaken)
	lost := link
	lost.Digest, lost.Person = digest("lost"), nobody
	refused(t, "a pass for nobody", s.Issue(ctx, lost), access.ErrNobody)

	same(t, "the link", link, look(t, s, "link"))
	if _, ok, err := s.Pass(ctx, digest("lost")); ok || err != nil {
		t.Errorf("a pass that was refused: %v, %v", ok, err)
	}
	all, err := s.Passes(ctx, ada.ID)
	must(t, err)
	same(t, "Ada's passes", []access.Pass{script, link}, all)
	all, err = s.Passes(ctx, nobody)
	must(t, err)
	same(t, "nobody's passes", []access.Pass{}, all)
}

func testRedeem(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Issue(ctx, pass(access.Link, ada, "link", time.Hour)))
	at, login := morning.Add(time.Minute), pass(access.Login, ada, "login", time.Hour)
	ok, err := s.Redeem(ctx, digest("link"), at, login)
	must(t, err)
	if !ok {
		t.Fatal("a good link did not work")
	}
	same(t, "when the link was used", at, look(t, s, "link").Used)
	same(t, "the login", login, look(t, s, "login"))

	ok, err = s.Redeem(ctx, digest("link"), at, pass(access.Login, ada, "second login", time.Hour))
	must(t, err)
	if ok {
		t.Error("the link worked a second time")
	}
	if _, ok, err := s.Pass(ctx, digest("second login")); ok || err != nil {
		t.Errorf("the second login: %v, %v", ok, err)
	}
}

func testNotRedeemed(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	must(t, s.Issue(ctx, pass(access.Link, ada, "link", time.Hour)))
	must(t, s.Issue(ctx, pass(access.Link, ada, "revoked", time.Hour)))
	must(t, s.Revoke(ctx, digest("revoked"), morning))
	must(t, s.Issue(ctx, pass(access.Script, ada, "script", time.Hour)))
	for _, c := range []struct {
		name, link string
		at         time.Time
		to         access.Person
	}{
		{"unknown", "no such link", morning, ada},
		{"at the moment it runs out", "link", morning.Add(time.Hour), ada},
		{"revoked", "revoked", morning, ada},
		{"a script's token", "script", morning, ada},
		{"a login for another person", "link", morning, njeri},
	} {
		ok, err := s.Redeem(ctx, digest(c.link), c.at, pass(access.Login, c.to, "login", time.Hour))
		must(t, err)
		if ok {
			t.Errorf("%s: it worked", c.name)
		}
		if _, ok, err := s.Pass(ctx, digest("login")); ok || err != nil {
			t.Errorf("%s: it left a login behind: %v, %v", c.name, ok, err)
		}
	}
	if used := look(t, s, "link").Used; !used.IsZero() {
		t.Errorf("the good link was used up at %v", used)
	}
}

func testRace(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Issue(ctx, pass(access.Link, ada, "link", time.Hour)))
	var won atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range 100 {
		all.Go(func() {
			<-start
			ok, err := s.Redeem(ctx, digest("link"), morning, pass(access.Login, ada, string(rune(i)), time.Hour))
			if err != nil {
				t.Errorf("visitor %d: %v", i, err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	close(start)
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of a hundred were let in", won.Load())
	}
	passes, err := s.Passes(ctx, ada.ID)
	must(t, err)
	if len(passes) != 2 {
		t.Errorf("there are %d passes, not the link and one login", len(passes))
	}
}

func testRevokeRace(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	for i := range 50 {
		link, login := "link "+string(rune(i)), "login "+string(rune(i))
		must(t, s.Issue(ctx, pass(access.Link, ada, link, time.Hour)))
		var both sync.WaitGroup
		both.Go(func() {
			_, err := s.Redeem(ctx, digest(link), morning, pass(access.Login, ada, login, time.Hour))
			if err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			if _, err := s.RevokeAll(ctx, ada.ID, morning); err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		passes, err := s.Passes(ctx, ada.ID)
		must(t, err)
		for _, p := range passes {
			if p.Revoked.IsZero() {
				t.Fatalf("round %d: a %v survived", i, p.Kind)
			}
		}
	}
}

func testSeen(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Issue(ctx, pass(access.Login, ada, "login", time.Hour)))
	later := morning.Add(10 * time.Minute)
	must(t, s.Seen(ctx, digest("login"), later))
	same(t, "last use", later, look(t, s, "login").Seen)
	must(t, s.Seen(ctx, digest("login"), morning))
	same(t, "last use, after an earlier one came late", later, look(t, s, "login").Seen)
	must(t, s.Seen(ctx, digest("no such login"), later))
}

func testRevoke(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	for _, text := range []string{"one", "two", "three"} {
		must(t, s.Issue(ctx, pass(access.Login, ada, text, time.Hour)))
	}
	must(t, s.Issue(ctx, pass(access.Login, njeri, "hers", time.Hour)))
	must(t, s.Revoke(ctx, digest("one"), morning))
	must(t, s.Revoke(ctx, digest("one"), morning.Add(time.Second)))
	must(t, s.Revoke(ctx, digest("no such login"), morning))
	same(t, "when it was revoked", morning, look(t, s, "one").Revoked)
	same(t, "its neighbour", time.Time{}, look(t, s, "two").Revoked)

	n, err := s.RevokeAll(ctx, ada.ID, morning.Add(time.Minute))
	must(t, err)
	same(t, "how many more", int64(2), n)
	same(t, "the first", morning, look(t, s, "one").Revoked)
	same(t, "the last", morning.Add(time.Minute), look(t, s, "three").Revoked)
	same(t, "another person's", time.Time{}, look(t, s, "hers").Revoked)
}

func testSweep(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Issue(ctx, pass(access.Login, ada, "short", time.Hour)))
	must(t, s.Issue(ctx, pass(access.Login, ada, "long", 2*time.Hour)))
	n, err := s.Sweep(ctx, morning.Add(2*time.Hour))
	must(t, err)
	same(t, "how many", int64(1), n)
	if _, ok, err := s.Pass(ctx, digest("short")); ok || err != nil {
		t.Errorf("what was swept: %v, %v", ok, err)
	}
	look(t, s, "long")
}
