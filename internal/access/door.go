package access

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/ruling"
)

// How long passes are good unless the Door says otherwise.
const (
	LinkLife  = 72 * time.Hour
	LoginLife = 12 * time.Hour   // however much it is used
	LoginIdle = 30 * time.Minute // without being used
)

// sweepAfter is for how long the operator can look up what became of a pass.
const sweepAfter = 30 * 24 * time.Hour

// Limits on what people type.
const (
	mostName  = 200 // bytes
	mostLabel = 200
	mostWords = 200 // of a purpose
)

// A Door is where everybody comes in. Its fields do not change once it is in
// use; its methods may be called from any number of goroutines if Now and Rand may.
type Door struct {
	Store Store
	Now   func() time.Time
	Rand  io.Reader
	Log   *slog.Logger // why somebody was turned away; nil for nowhere
	Site  Site         // what passkeys are bound to; the zero Site takes none

	Providers                      []*Provider   // at which the people of a delegation sign in
	LinkLife, LoginLife, LoginIdle time.Duration // the constants if zero
}

// A Visit is somebody who has been let in.
type Visit struct {
	Person Person
	Pass   Pass
}

// The refusals of the door. Each is one answer to many causes.
func noSuchLink() error   { return ruling.No(ruling.Denied, 0, "link-not-good") }
func notSignedIn() error  { return ruling.No(ruling.Denied, 0, "not-signed-in") }
func noSuchScript() error { return ruling.No(ruling.Denied, 0, "token-not-good") }

func (d *Door) now() time.Time { return d.Now().UTC().Truncate(time.Microsecond) }

func or(life, usual time.Duration) time.Duration {
	if life > 0 {
		return life
	}
	return usual
}

// Enrol adds a person and names them in talks.
func (d *Door) Enrol(ctx context.Context, name string, talks ...string) (Person, error) {
	name = strings.TrimSpace(name)
	if !fit(name, mostName) {
		return Person{}, ruling.No(ruling.Invalid, 0, "person-name", "most", mostName)
	}
	talks = slices.Compact(slices.Sorted(slices.Values(talks)))
	for {
		var id [4]byte
		if _, err := io.ReadFull(d.Rand, id[:]); err != nil {
			return Person{}, fmt.Errorf("drawing an id: %w", err)
		}
		p := Person{ID: PersonID("p-" + hex.EncodeToString(id[:])), Name: name, Talks: talks}
		if err := d.Store.Enrol(ctx, p); !errors.Is(err, ErrTaken) {
			return p, err
		}
	}
}

// fit says whether text can be shown on one line: not empty, not too long, and
// without signs that are invisible or turn the direction of what follows.
func fit(text string, most int) bool {
	if text == "" || len(text) > most || !utf8.ValidString(text) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		// Zero width joiners are part of the spelling of some names.
		return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d'
	})
}

// Person returns a person. Whoever is not there is refused like anything that
// is not there.
func (d *Door) Person(ctx context.Context, id PersonID) (Person, error) {
	p, err := d.Store.Person(ctx, id)
	if errors.Is(err, ErrNobody) {
		return Person{}, ruling.Nothing()
	}
	return p, err
}

// People returns everybody, in order of id. It is for the operator.
func (d *Door) People(ctx context.Context) ([]Person, error) { return d.Store.People(ctx) }

// Join names a person in talks; a second time changes nothing.
func (d *Door) Join(ctx context.Context, id PersonID, talks string) error {
	err := d.Store.Join(ctx, id, talks)
	if errors.Is(err, ErrNobody) {
		return ruling.Nothing()
	}
	return err
}

// First enrols the first person of a house and makes their link. It is refused
// where there is anybody already; the operator sends those links with Invite.
func (d *Door) First(ctx context.Context, name, purpose string) (Token, Person, error) {
	people, err := d.Store.People(ctx)
	if err != nil {
		return Token{}, Person{}, err
	}
	if len(people) > 0 {
		return Token{}, Person{}, ruling.No(ruling.OutOfOrder, 0, "house-has-people")
	}
	p, err := d.Enrol(ctx, name)
	if err != nil {
		return Token{}, Person{}, err
	}
	t, _, err := d.Invite(ctx, p.ID, purpose)
	return t, p, err
}

// Invite makes a link for a person. The token is shown to the caller this once.
func (d *Door) Invite(ctx context.Context, id PersonID, purpose string) (Token, Pass, error) {
	if purpose != "" && !fit(purpose, mostWords) {
		return Token{}, Pass{}, ruling.No(ruling.Invalid, 0, "link-purpose", "most", mostWords)
	}
	return d.issue(ctx, Pass{Kind: Link, Person: id, Purpose: purpose}, or(d.LinkLife, LinkLife))
}

// GiveScript makes a token with which a script acts as this person, for so
// long. It is shown to the caller this once.
func (d *Door) GiveScript(ctx context.Context, id PersonID, label string, life time.Duration) (Token, Pass, error) {
	if !fit(label, mostLabel) {
		return Token{}, Pass{}, ruling.No(ruling.Invalid, 0, "token-label", "most", mostLabel)
	}
	if life <= 0 {
		return Token{}, Pass{}, ruling.No(ruling.Invalid, 0, "token-life")
	}
	return d.issue(ctx, Pass{Kind: Script, Person: id, Label: label}, life)
}

// draw completes a pass and its token.
func (d *Door) draw(p Pass, life time.Duration) (Token, Pass, error) {
	t, err := newToken(d.Rand)
	if err != nil {
		return Token{}, Pass{}, err
	}
	now := d.now()
	p.Digest, p.Made, p.Seen, p.Until = t.Digest(), now, now, now.Add(life).Truncate(time.Microsecond)
	return t, p, nil
}

func (d *Door) issue(ctx context.Context, p Pass, life time.Duration) (Token, Pass, error) {
	t, p, err := d.draw(p, life)
	if err != nil {
		return Token{}, Pass{}, err
	}
	if err := d.Store.Issue(ctx, p); errors.Is(err, ErrNobody) {
		return Token{}, Pass{}, ruling.Nothing()
	} else if err != nil {
		return Token{}, Pass{}, err
	}
	return t, p, nil
}

// Peek says whom a link would let in, and leaves it as it is: what fetches
// links on its own, as mail scanners do, must not use them up.
func (d *Door) Peek(ctx context.Context, link string) (Visit, error) {
	return d.examine(ctx, link, Link, noSuchLink)
}

// Redeem uses a link up and makes a login from it, in one step. label is how
// the visitor will know the device again; it is cut to what is shown.
func (d *Door) Redeem(ctx context.Context, link, label string) (Token, Visit, error) {
	v, err := d.examine(ctx, link, Link, noSuchLink)
	if err != nil {
		return Token{}, Visit{}, err
	}
	t, login, err := d.draw(Pass{Kind: Login, Person: v.Person.ID, Purpose: v.Pass.Purpose, Label: short(label),
		Place: v.Pass.Place, Means: v.Pass.Means, Via: v.Pass.Via, Awaits: v.Pass.Awaits, Confirmed: v.Pass.Confirmed},
		or(d.LoginLife, LoginLife))
	if err != nil {
		return Token{}, Visit{}, err
	}
	ok, err := d.Store.Redeem(ctx, v.Pass.Digest, login.Made, login)
	if err != nil {
		return Token{}, Visit{}, err
	}
	if !ok {
		d.turnedAway(ctx, v.Pass, "another was quicker")
		return Token{}, Visit{}, noSuchLink()
	}
	return t, Visit{v.Person, login}, nil
}

// short cuts a label that a browser sent, of which nothing may be expected.
func short(label string) string {
	label = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(label, ""))
	for len(label) > mostLabel {
		_, n := utf8.DecodeLastRuneInString(label)
		label = label[:len(label)-n]
	}
	return label
}

// Who says whose login a cookie is, and keeps it from running out for idleness.
// Whoever has yet to be confirmed is refused; see [Door.Waiting].
func (d *Door) Who(ctx context.Context, cookie string) (Visit, error) {
	v, err := d.examine(ctx, cookie, Login, notSignedIn)
	if err == nil && v.Pass.Waits() {
		return Visit{}, notConfirmed()
	}
	return v, err
}

// WhoseScript says for whom a bearer token acts.
func (d *Door) WhoseScript(ctx context.Context, bearer string) (Visit, error) {
	return d.examine(ctx, bearer, Script, noSuchScript)
}

// examine looks at a pass and lets its bearer in or turns them away.
func (d *Door) examine(ctx context.Context, text string, kind Kind, no func() error) (Visit, error) {
	t, ok := ParseToken(text)
	if !ok {
		d.turnedAway(ctx, Pass{Kind: kind}, "not a token")
		return Visit{}, no()
	}
	p, ok, err := d.Store.Pass(ctx, t.Digest())
	if err != nil {
		return Visit{}, err
	}
	if !ok {
		d.turnedAway(ctx, Pass{Kind: kind, Digest: t.Digest()}, "unknown")
		return Visit{}, no()
	}
	now := d.now()
	if why := d.wrong(p, kind, now); why != "" {
		d.turnedAway(ctx, p, why)
		return Visit{}, no()
	}
	person, err := d.Store.Person(ctx, p.Person)
	if err != nil {
		return Visit{}, err
	}
	// Once in a while is enough, and spares the disk a write per page.
	if kind != Link && now.Sub(p.Seen) >= or(d.LoginIdle, LoginIdle)/30 {
		// On a full disk people must still be able to read.
		if err := d.Store.Seen(ctx, p.Digest, now); err != nil {
			d.note(ctx, slog.LevelWarn, "the last use of a pass could not be noted", "why", err)
		} else {
			p.Seen = now
		}
	}
	return Visit{person, p}, nil
}

// wrong says why a pass is no good at this moment; "" if it is.
func (d *Door) wrong(p Pass, kind Kind, now time.Time) string {
	switch {
	case p.Kind != kind:
		return "a " + p.Kind.String() + " where a " + kind.String() + " is asked for"
	case !p.Revoked.IsZero():
		return "revoked"
	case !p.Used.IsZero():
		return "used before"
	case !now.Before(p.Until):
		return "expired"
	case kind == Login && now.Sub(p.Seen) >= or(d.LoginIdle, LoginIdle):
		return "idle for too long"
	}
	return ""
}

func (d *Door) turnedAway(ctx context.Context, p Pass, why string) {
	d.note(ctx, slog.LevelInfo, "turned away at the door", "pass", p.Handle(), "kind", p.Kind.String(),
		"person", string(p.Person), "why", why)
}

func (d *Door) note(ctx context.Context, level slog.Level, message string, args ...any) {
	if d.Log != nil {
		d.Log.Log(ctx, level, message, args...)
	}
}

// Passes returns those passes of a person that are good now, in the order in
// which they were made.
func (d *Door) Passes(ctx context.Context, id PersonID) ([]Pass, error) {
	all, err := d.Store.Passes(ctx, id)
	if err != nil {
		return nil, err
	}
	now := d.now()
	return slices.DeleteFunc(all, func(p Pass) bool { return d.wrong(p, p.Kind, now) != "" }), nil
}

// Revoke takes away one pass of a person, which its handle names.
func (d *Door) Revoke(ctx context.Context, id PersonID, handle string) error {
	passes, err := d.Passes(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(passes, func(p Pass) bool { return p.Handle() == handle })
	if i < 0 {
		return ruling.Nothing()
	}
	return d.Store.Revoke(ctx, passes[i].Digest, d.now())
}

// RevokeAll takes away everything that lets a person in.
func (d *Door) RevokeAll(ctx context.Context, id PersonID) error {
	_, err := d.Store.RevokeAll(ctx, id, d.now())
	return err
}

// SignOut ends the login of a cookie. A cookie that is no good is as ended as
// can be.
func (d *Door) SignOut(ctx context.Context, cookie string) error {
	t, ok := ParseToken(cookie)
	if !ok {
		return nil
	}
	p, ok, err := d.Store.Pass(ctx, t.Digest())
	if err != nil || !ok || p.Kind != Login {
		return err
	}
	return d.Store.Revoke(ctx, p.Digest, d.now())
}

// Sweep deletes passes that ran out thirty days ago, and returns how many.
func (d *Door) Sweep(ctx context.Context) (int64, error) {
	return d.Store.Sweep(ctx, d.now().Add(-sweepAfter))
}
