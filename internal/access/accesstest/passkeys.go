package accesstest

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/access"
	"parley/internal/seat"
)

var lake = access.Place{Talks: "lake", Party: "kenya", Role: seat.Delegate}

func passkey(of access.Person, raw, login string) access.Passkey {
	return access.Passkey{
		ID: sha256.Sum256([]byte(raw)), Raw: []byte(raw), Person: of.ID, Public: []byte("public " + raw), Label: "a phone",
		Place: lake, Login: digest(login), Transports: "internal,hybrid", Flags: 0x5d,
		Made: morning, Seen: morning, Confirmed: morning,
	}
}

// arrive issues a login, which waits or does not.
func arrive(t testing.TB, s access.Store, who access.Person, text string, waits bool) access.Pass {
	t.Helper()
	p := pass(access.Login, who, text, time.Hour)
	p.Place, p.Awaits = lake, waits
	must(t, s.Issue(t.Context(), p))
	return p
}

func register(t testing.TB, s access.Store, k access.Passkey) {
	t.Helper()
	if ok, err := s.Register(t.Context(), k); err != nil || !ok {
		t.Fatalf("registering: %v, %v", ok, err)
	}
}

func key(t testing.TB, s access.Store, id access.Digest) access.Passkey {
	t.Helper()
	k, ok, err := s.Passkey(t.Context(), id)
	must(t, err)
	if !ok {
		t.Fatal("the passkey is not there")
	}
	return k
}

func told(t testing.TB, what string, want bool) func(bool, error) {
	return func(got bool, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s: told %v, %v; want %v", what, got, err, want)
		}
	}
}

func testConfirm(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	first := arrive(t, s, njeri, "first", true)
	second := arrive(t, s, njeri, "second", true)
	arrive(t, s, ada, "hers", false)
	register(t, s, passkey(njeri, "phone", "first"))
	register(t, s, passkey(njeri, "laptop", "second"))

	wait, err := s.Awaiting(ctx, "lake", morning)
	must(t, err)
	want := []access.Pass{first, second}
	if len(wait) == 2 && wait[0] != first {
		want = []access.Pass{second, first} // made in the same moment
	}
	same(t, "who waits", want, wait)
	wait, err = s.Awaiting(ctx, "shore", morning)
	must(t, err)
	same(t, "who waits elsewhere", []access.Pass{}, wait)
	wait, err = s.Awaiting(ctx, "lake", first.Until)
	must(t, err)
	same(t, "who waits when their time is over", []access.Pass{}, wait)

	at := morning.Add(time.Minute)
	ok, err := s.Confirm(ctx, first.Digest, at)
	told(t, "confirming", true)(ok, err)
	same(t, "the login", at, look(t, s, "first").Confirmed)
	same(t, "its passkey", at, key(t, s, sha256.Sum256([]byte("phone"))).Confirmed)
	same(t, "another login", time.Time{}, look(t, s, "second").Confirmed)
	same(t, "its passkey", time.Time{}, key(t, s, sha256.Sum256([]byte("laptop"))).Confirmed)
	ok, err = s.Confirm(ctx, first.Digest, at.Add(time.Hour))
	told(t, "confirming again", true)(ok, err)
	same(t, "the moment", at, look(t, s, "first").Confirmed)

	for what, d := range map[string]access.Digest{"nobody's": digest("no such login"), "one that does not wait": digest("hers")} {
		ok, err = s.Confirm(ctx, d, at)
		told(t, what, false)(ok, err)
	}
	must(t, s.Revoke(ctx, second.Digest, at))
	ok, err = s.Confirm(ctx, second.Digest, at)
	told(t, "one that is revoked", false)(ok, err)
	same(t, "it", time.Time{}, look(t, s, "second").Confirmed)
	wait, err = s.Awaiting(ctx, "lake", morning)
	must(t, err)
	same(t, "who waits in the end", []access.Pass{}, wait)
}

func testConfirmSheet(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, njeri))
	must(t, s.Enrol(ctx, ada))
	code := func(who access.Person, text string, kind access.Kind, sheet string) access.Pass {
		p := pass(kind, who, text, time.Hour)
		p.Place, p.Awaits, p.Means, p.Via = lake, true, access.BySheet, digest(sheet)
		must(t, s.Issue(ctx, p))
		return p
	}
	code(njeri, "one", access.Login, "sheet")
	code(njeri, "two", access.Link, "sheet")
	code(njeri, "another sheet", access.Link, "other")
	code(ada, "another person's", access.Link, "sheet")
	ok, err := s.Confirm(ctx, digest("one"), morning)
	told(t, "confirming", true)(ok, err)
	for text, want := range map[string]time.Time{"one": morning, "two": morning, "another sheet": {}, "another person's": {}} {
		same(t, text, want, look(t, s, text).Confirmed)
	}
	n, err := s.RevokeVia(ctx, njeri.ID, digest("sheet"), morning)
	must(t, err)
	same(t, "how many of the sheet", int64(2), n)
	same(t, "the other sheet", time.Time{}, look(t, s, "another sheet").Revoked)
	same(t, "another person's", time.Time{}, look(t, s, "another person's").Revoked)
}

func testPasskeys(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	arrive(t, s, njeri, "login", false)
	arrive(t, s, ada, "hers", false)
	phone, laptop := passkey(njeri, "phone", "login"), passkey(njeri, "laptop", "login")
	laptop.Made = morning.Add(-time.Minute)
	laptop.Confirmed = laptop.Made
	laptop.Count = 4_000_000_000
	register(t, s, phone)
	register(t, s, laptop)
	_, err := s.Register(ctx, passkey(ada, "phone", "hers"))
	refused(t, "a passkey that another has", err, access.ErrTaken)

	same(t, "the phone", phone, key(t, s, phone.ID))
	all, err := s.Passkeys(ctx, njeri.ID)
	must(t, err)
	same(t, "Njeri's", []access.Passkey{laptop, phone}, all)
	all, err = s.Passkeys(ctx, ada.ID)
	must(t, err)
	same(t, "Ada's", []access.Passkey{}, all)
	all, err = s.PasskeysOf(ctx, "lake", "kenya")
	must(t, err)
	same(t, "Kenya's", []access.Passkey{laptop, phone}, all)
	for _, p := range []access.Place{{Talks: "lake", Party: "uganda"}, {Talks: "shore", Party: "kenya"}, {Talks: "lake"}} {
		all, err = s.PasskeysOf(ctx, p.Talks, p.Party)
		must(t, err)
		same(t, "others'", []access.Passkey{}, all)
	}
	if _, ok, err := s.Passkey(ctx, digest("none")); ok || err != nil {
		t.Errorf("a passkey that is not there: %v, %v", ok, err)
	}
}

func testNotRegistered(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	arrive(t, s, njeri, "revoked", false)
	must(t, s.Revoke(ctx, digest("revoked"), morning))
	arrive(t, s, ada, "ada's", false)
	must(t, s.Issue(ctx, pass(access.Script, njeri, "script", time.Hour)))
	for _, login := range []string{"revoked", "ada's", "script", "none"} {
		ok, err := s.Register(ctx, passkey(njeri, "phone", login))
		told(t, login, false)(ok, err)
	}
	if _, ok, err := s.Passkey(ctx, passkey(njeri, "phone", "").ID); ok || err != nil {
		t.Errorf("it is there: %v, %v", ok, err)
	}
}

func signedIn(who access.Person, k access.Passkey, text string) access.Pass {
	p := pass(access.Login, who, text, time.Hour)
	p.Means, p.Via, p.Made = access.ByPasskey, k.ID, morning.Add(time.Minute)
	p.Seen, p.Proved = p.Made, p.Made
	return p
}

func testSignIn(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	arrive(t, s, njeri, "login", false)
	arrive(t, s, njeri, "waiting", true)
	still, counts, waits := passkey(njeri, "still", "login"), passkey(njeri, "counts", "login"), passkey(njeri, "waits", "waiting")
	counts.Count = 7
	for _, k := range []access.Passkey{still, counts, waits} {
		register(t, s, k)
	}
	for i, c := range []struct {
		name  string
		who   access.Person
		key   access.Passkey
		count uint32
		ok    bool
	}{
		{"one that does not count", njeri, still, 0, true},
		{"again", njeri, still, 0, true},
		{"one that counts", njeri, counts, 9, true},
		{"the same count again, as a copy of the key would send", njeri, counts, 9, false},
		{"an earlier count", njeri, counts, 8, false},
		{"no count any more", njeri, counts, 0, false},
		{"another person", ada, still, 0, false},
		{"one that waits to be confirmed", njeri, waits, 0, false},
		{"none", njeri, passkey(njeri, "none", ""), 0, false},
	} {
		text := "signed in " + string(rune('a'+i))
		ok, err := s.SignIn(ctx, c.key.ID, c.count, signedIn(c.who, c.key, text))
		told(t, c.name, c.ok)(ok, err)
		if _, there, err := s.Pass(ctx, digest(text)); err != nil || there != c.ok {
			t.Errorf("%s: a login is there: %v, %v", c.name, there, err)
		}
	}
	same(t, "the login", signedIn(njeri, still, "signed in a"), look(t, s, "signed in a"))
	same(t, "the count", uint32(9), key(t, s, counts.ID).Count)
	same(t, "when it last signed", morning.Add(time.Minute), key(t, s, counts.ID).Seen)
	_, err := s.SignIn(ctx, counts.ID, 10, signedIn(njeri, counts, "signed in a"))
	refused(t, "a login that is taken", err, access.ErrTaken)
	same(t, "the count after that", uint32(9), key(t, s, counts.ID).Count)
}

func testSignInRace(t *testing.T, s access.Store) {
	must(t, s.Enrol(t.Context(), njeri))
	arrive(t, s, njeri, "login", false)
	k := passkey(njeri, "counts", "login")
	k.Count = 7
	register(t, s, k)
	won := race(t, func(i int) (bool, error) {
		return s.SignIn(t.Context(), k.ID, 8, signedIn(njeri, k, string(rune(i))))
	})
	if won != 1 {
		t.Errorf("one signature signed in %d times", won)
	}
}

// race has a hundred try at once and returns how many were told true.
func race(t *testing.T, try func(i int) (bool, error)) int64 {
	var won atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range 100 {
		all.Go(func() {
			<-start
			ok, err := try(i)
			if err != nil {
				t.Errorf("number %d: %v", i, err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	close(start)
	all.Wait()
	return won.Load()
}

func testStepUp(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, ada))
	must(t, s.Enrol(ctx, njeri))
	arrive(t, s, njeri, "login", false)
	arrive(t, s, njeri, "revoked", false)
	arrive(t, s, ada, "ada's", false)
	must(t, s.Revoke(ctx, digest("revoked"), morning))
	k := passkey(njeri, "phone", "login")
	register(t, s, k)
	at := morning.Add(time.Hour)
	for _, login := range []string{"revoked", "ada's", "none"} {
		ok, err := s.StepUp(ctx, k.ID, 5, digest(login), true, at)
		told(t, login, false)(ok, err)
	}
	ok, err := s.StepUp(ctx, digest("none"), 5, digest("login"), true, at)
	told(t, "no such passkey", false)(ok, err)
	same(t, "the count", uint32(0), key(t, s, k.ID).Count)
	ok, err = s.StepUp(ctx, k.ID, 5, digest("login"), true, at)
	told(t, "hers", true)(ok, err)
	same(t, "when it was proved", at, look(t, s, "login").Proved)
	same(t, "the count", uint32(5), key(t, s, k.ID).Count)
	ok, err = s.StepUp(ctx, k.ID, 6, digest("login"), false, at.Add(time.Minute))
	told(t, "for something else", true)(ok, err)
	same(t, "when it was proved", at, look(t, s, "login").Proved)
	ok, err = s.StepUp(ctx, k.ID, 5, digest("login"), true, at.Add(time.Hour))
	told(t, "the same count again", false)(ok, err)
	same(t, "when it was proved", at, look(t, s, "login").Proved)
}

func testRetire(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, njeri))
	arrive(t, s, njeri, "login", false)
	lost, kept := passkey(njeri, "lost", "login"), passkey(njeri, "kept", "login")
	register(t, s, lost)
	register(t, s, kept)
	for _, k := range []access.Passkey{lost, kept} {
		ok, err := s.SignIn(ctx, k.ID, 0, signedIn(njeri, k, string(k.Raw)))
		told(t, "signing in", true)(ok, err)
	}
	at := morning.Add(time.Hour)
	must(t, s.Retire(ctx, lost.ID, at))
	must(t, s.Retire(ctx, lost.ID, at.Add(time.Hour)))
	must(t, s.Retire(ctx, digest("none"), at))
	same(t, "the passkey", at, key(t, s, lost.ID).Revoked)
	same(t, "its login", at, look(t, s, "lost").Revoked)
	same(t, "the other's", time.Time{}, look(t, s, "kept").Revoked)
	ok, err := s.SignIn(ctx, lost.ID, 1, signedIn(njeri, lost, "after"))
	told(t, "signing in after", false)(ok, err)
	ok, err = s.StepUp(ctx, lost.ID, 1, digest("kept"), true, at)
	told(t, "stepping up after", false)(ok, err)
}

func ceremony(text string) access.Ceremony {
	return access.Ceremony{Digest: digest(text), Kind: 2, Person: njeri.ID, Login: digest("login"), Session: []byte("session of " + text),
		Until: morning.Add(5 * time.Minute)}
}

func testCeremonies(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Keep(ctx, ceremony("one"), morning))
	refused(t, "a digest a second time", s.Keep(ctx, ceremony("one"), morning), access.ErrTaken)
	got, ok, err := s.Take(ctx, digest("one"), morning)
	told(t, "taking", true)(ok, err)
	same(t, "it", ceremony("one"), got)
	_, ok, err = s.Take(ctx, digest("one"), morning)
	told(t, "taking it again", false)(ok, err)
	anonymous := ceremony("two")
	anonymous.Person, anonymous.Login = "", access.Digest{}
	must(t, s.Keep(ctx, anonymous, morning))
	_, ok, err = s.Take(ctx, digest("two"), anonymous.Until)
	told(t, "too late", false)(ok, err)
	_, ok, err = s.Take(ctx, digest("two"), morning)
	told(t, "after too late", false)(ok, err)
	must(t, s.Keep(ctx, ceremony("three"), morning))
	later := ceremony("four")
	later.Until = later.Until.Add(time.Minute)
	must(t, s.Keep(ctx, later, morning.Add(5*time.Minute)))
	_, ok, err = s.Take(ctx, digest("three"), morning)
	told(t, "one that was over when another began", false)(ok, err)
	_, ok, err = s.Take(ctx, digest("four"), morning)
	told(t, "the other", true)(ok, err)
}

func testCeremonyRace(t *testing.T, s access.Store) {
	must(t, s.Keep(t.Context(), ceremony("one"), morning))
	won := race(t, func(int) (bool, error) {
		_, ok, err := s.Take(t.Context(), digest("one"), morning)
		return ok, err
	})
	if won != 1 {
		t.Errorf("%d answered one challenge", won)
	}
}

func testIdentities(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, njeri))
	must(t, s.Enrol(ctx, ada))
	i := access.Identity{ID: digest("kenya njeri"), Person: njeri.ID, Provider: "kenya", Made: morning}
	must(t, s.Acknowledge(ctx, i))
	refused(t, "an identity that another has", s.Acknowledge(ctx, access.Identity{ID: i.ID, Person: ada.ID, Made: morning}), access.ErrTaken)
	refused(t, "an identity of nobody", s.Acknowledge(ctx, access.Identity{ID: digest("x"), Person: nobody, Made: morning}), access.ErrNobody)
	got, ok, err := s.Identity(ctx, i.ID)
	told(t, "looking", true)(ok, err)
	same(t, "it", i, got)
	login := pass(access.Login, njeri, "login", time.Hour)
	login.Means, login.Via = access.ByProvider, i.ID
	ok, err = s.SignInAs(ctx, i.ID, login)
	told(t, "signing in", true)(ok, err)
	same(t, "the login", login, look(t, s, "login"))
	ok, err = s.SignInAs(ctx, i.ID, pass(access.Login, ada, "ada's", time.Hour))
	told(t, "signing in as another", false)(ok, err)
	must(t, s.Disown(ctx, i.ID, morning))
	must(t, s.Disown(ctx, i.ID, morning))
	same(t, "its login", morning, look(t, s, "login").Revoked)
	_, ok, err = s.Identity(ctx, i.ID)
	told(t, "looking after", false)(ok, err)
	ok, err = s.SignInAs(ctx, i.ID, pass(access.Login, njeri, "after", time.Hour))
	told(t, "signing in after", false)(ok, err)
}

func testRevokeEverything(t *testing.T, s access.Store) {
	ctx := t.Context()
	must(t, s.Enrol(ctx, njeri))
	must(t, s.Enrol(ctx, ada))
	arrive(t, s, njeri, "login", false)
	arrive(t, s, ada, "ada's", false)
	hers, adas := passkey(njeri, "phone", "login"), passkey(ada, "ada's phone", "ada's")
	register(t, s, hers)
	register(t, s, adas)
	i := access.Identity{ID: digest("kenya njeri"), Person: njeri.ID, Provider: "kenya", Made: morning}
	must(t, s.Acknowledge(ctx, i))
	n, err := s.RevokeAll(ctx, njeri.ID, morning)
	must(t, err)
	same(t, "how many passes", int64(1), n)
	same(t, "her passkey", morning, key(t, s, hers.ID).Revoked)
	same(t, "Ada's", time.Time{}, key(t, s, adas.ID).Revoked)
	_, ok, err := s.Identity(ctx, i.ID)
	told(t, "her identity", false)(ok, err)
}
