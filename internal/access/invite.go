package access

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/ruling"
	"parley/internal/seat"
)

// FreshFor is for how long after signing with a passkey a person may do what
// asks for it.
const FreshFor = 5 * time.Minute

// MostCodes is how many codes a printed sheet may have.
const MostCodes = 20

func notConfirmed() error { return ruling.No(ruling.Denied, 0, "not-confirmed") }

// An Officer is somebody who does something about how others come in: who they
// are, and the seat that they act by, as the record of the talks has it.
type Officer struct {
	Visit
	Seat seat.Seat
}

// sits reports whether the officer is let in, and the seat theirs.
func (o Officer) sits() bool {
	return o.Person.ID != "" && string(o.Seat.Person) == string(o.Person.ID) && !o.Pass.Waits()
}

// place is where a seat is.
func place(talks string, s seat.Seat) Place { return Place{Talks: talks, Party: s.Party, Role: s.Role} }

// entitled refuses an officer who may not do this, or who has a passkey and has
// not just signed with it.
func (d *Door) entitled(ctx context.Context, r Right, by Officer, whom Place, settled bool) error {
	if !by.sits() || !May(r, place(whom.Talks, by.Seat), whom, settled) {
		return ruling.Nothing()
	}
	return d.proved(ctx, by.Visit)
}

// proved refuses a visit whose person has a passkey and has not signed with one
// during the last minutes, and one who was let in by a provider, which must not
// be able to seat anybody. Who has none comes by paper, and shows it.
func (d *Door) proved(ctx context.Context, v Visit) error {
	if d.Fresh(v) {
		return nil
	}
	keys, err := d.live(ctx, v.Person.ID)
	if err != nil || len(keys) == 0 && v.Pass.Means != ByProvider {
		return err
	}
	return ruling.No(ruling.Denied, 0, "step-up")
}

// Fresh reports whether whoever visits has just signed with a passkey.
func (d *Door) Fresh(v Visit) bool {
	return !v.Pass.Proved.IsZero() && d.now().Sub(v.Pass.Proved) < FreshFor
}

// KeySigned reports whether whoever visits came in with a passkey. What others
// do is labelled as not key-signed.
func (v Visit) KeySigned() bool { return v.Pass.Kind == Login && v.Pass.Means == ByPasskey }

// InviteNewcomer enrols somebody who has never been here and makes what lets
// them in: one link, or a printed sheet with so many codes, each of which works
// once. Either is bound to the place and the name, opens nothing until it is
// confirmed, and is shown to the caller this once.
func (d *Door) InviteNewcomer(ctx context.Context, by Officer, name string, to Place, codes int) (Person, []Token, error) {
	if err := d.entitled(ctx, Invite, by, to, false); err != nil {
		return Person{}, nil, err
	}
	if err := fitCodes(codes); err != nil {
		return Person{}, nil, err
	}
	p, err := d.Enrol(ctx, name, to.Talks)
	if err != nil {
		return Person{}, nil, err
	}
	tokens, err := d.invitation(ctx, p.ID, to, codes)
	return p, tokens, err
}

// InviteAgain makes a link or a sheet for somebody who has a seat already, and
// has lost what let them in. What they had stays good until it is revoked.
func (d *Door) InviteAgain(ctx context.Context, by Officer, talks string, whom seat.Seat, codes int) ([]Token, error) {
	if err := d.entitled(ctx, Invite, by, place(talks, whom), false); err != nil {
		return nil, err
	}
	if err := fitCodes(codes); err != nil {
		return nil, err
	}
	if err := d.onlyHere(ctx, talks, whom); err != nil {
		return nil, err
	}
	return d.invitation(ctx, PersonID(whom.Person), place(talks, whom), codes)
}

func fitCodes(n int) error {
	if n < 0 || n > MostCodes {
		return ruling.No(ruling.Invalid, 0, "sheet-codes", "most", MostCodes)
	}
	return nil
}

// onlyHere refuses about somebody who has to do with other talks as well: those
// who administer one delegation must not decide about a seat elsewhere.
func (d *Door) onlyHere(ctx context.Context, talks string, whom seat.Seat) error {
	p, err := d.Person(ctx, PersonID(whom.Person))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.Talks, func(t string) bool { return t != talks }) {
		return ruling.No(ruling.Denied, 0, "named-elsewhere")
	}
	return nil
}

func (d *Door) invitation(ctx context.Context, id PersonID, to Place, codes int) ([]Token, error) {
	p := Pass{Kind: Link, Person: id, Place: to, Awaits: true}
	if codes > 0 {
		sheet, err := newToken(d.Rand)
		if err != nil {
			return nil, err
		}
		p.Means, p.Via = BySheet, sheet.Digest()
	}
	var tokens []Token
	for range max(codes, 1) {
		t, _, err := d.issue(ctx, p, or(d.LinkLife, LinkLife))
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// A Newcomer waits to be confirmed.
type Newcomer struct {
	Visit
	// Fingerprint is what the newcomer reads out and the officer compares:
	// eight groups of four digits, the same in every language. It changes with
	// every passkey that is registered.
	Fingerprint string
}

// Waiting says whose login a cookie is, like Who, but for those who have yet to
// be confirmed. It opens nothing but registering a passkey and reading the
// fingerprint out.
func (d *Door) Waiting(ctx context.Context, cookie string) (Newcomer, error) {
	v, err := d.examine(ctx, cookie, Login, notSignedIn)
	if err != nil {
		return Newcomer{}, err
	}
	if !v.Pass.Waits() {
		return Newcomer{}, ruling.Nothing()
	}
	f, err := d.fingerprint(ctx, v.Pass)
	return Newcomer{v, f}, err
}

// fingerprint is of a login and the passkeys registered through it: SHA-256 of
// the domain "parley/v1 newcomer" (after one byte of its length), the login's
// digest, and the digests of the public keys in order; of every four bytes the
// remainder by 10,000. To meet one that is given takes 2^106 tries.
func (d *Door) fingerprint(ctx context.Context, p Pass) (string, error) {
	keys, err := d.Store.Passkeys(ctx, p.Person)
	if err != nil {
		return "", err
	}
	const domain = "parley/v1 newcomer"
	h := sha256.New()
	h.Write(append([]byte{byte(len(domain))}, domain...))
	h.Write(p.Digest[:])
	var publics [][]byte
	for _, k := range keys {
		if k.Login == p.Digest && k.Revoked.IsZero() {
			sum := sha256.Sum256(k.Public)
			publics = append(publics, sum[:])
		}
	}
	slices.SortFunc(publics, slices.Compare)
	for _, sum := range publics {
		h.Write(sum)
	}
	sum := h.Sum(nil)
	groups := make([]string, 8)
	for i := range groups {
		groups[i] = fmt.Sprintf("%04d", (uint(sum[4*i])<<24|uint(sum[4*i+1])<<16|uint(sum[4*i+2])<<8|uint(sum[4*i+3]))%10000)
	}
	return strings.Join(groups, " "), nil
}

// Newcomers returns those who wait and whom the officer may confirm.
func (d *Door) Newcomers(ctx context.Context, by Officer, talks string) ([]Newcomer, error) {
	waiting, err := d.Store.Awaiting(ctx, talks, d.now())
	if err != nil {
		return nil, err
	}
	var list []Newcomer
	for _, p := range waiting {
		if ok, err := d.mayConfirm(ctx, by, p); err != nil {
			return nil, err
		} else if !ok || d.wrong(p, Login, d.now()) != "" {
			continue
		}
		person, err := d.Store.Person(ctx, p.Person)
		if err != nil {
			return nil, err
		}
		f, err := d.fingerprint(ctx, p)
		if err != nil {
			return nil, err
		}
		list = append(list, Newcomer{Visit{person, p}, f})
	}
	return list, nil
}

// mayConfirm reports whether an officer may confirm a login: by the table, or
// because it is their own and they came in with a passkey.
func (d *Door) mayConfirm(ctx context.Context, by Officer, p Pass) (bool, error) {
	if !by.sits() {
		return false, nil
	}
	if by.Person.ID == p.Person {
		return by.KeySigned(), nil
	}
	settled, err := d.settled(ctx, p)
	return err == nil && May(Confirm, place(p.Place.Talks, by.Seat), p.Place, settled), err
}

// settled reports whether the delegation that a login leads to has somebody
// within already: anybody with a passkey that is good, or the same person with
// a login or a code that is.
func (d *Door) settled(ctx context.Context, p Pass) (bool, error) {
	if p.Place.Party == "" {
		return false, nil
	}
	keys, err := d.Store.PasskeysOf(ctx, p.Place.Talks, p.Place.Party)
	if err != nil || slices.ContainsFunc(keys, good) {
		return err == nil, err
	}
	passes, err := d.Passes(ctx, p.Person)
	return slices.ContainsFunc(passes, func(x Pass) bool { return x.Place == p.Place && !x.Waits() }), err
}

// ConfirmNewcomer says that the one who came is the one who was meant. handle
// is of their login; fingerprint is what the officer was shown and has heard
// from the newcomer, so that nobody can slip in between.
func (d *Door) ConfirmNewcomer(ctx context.Context, by Officer, talks, handle, fingerprint string) error {
	list, err := d.Newcomers(ctx, by, talks)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(n Newcomer) bool { return n.Pass.Handle() == handle })
	if i < 0 {
		return ruling.Nothing()
	}
	if err := d.proved(ctx, by.Visit); err != nil {
		return err
	}
	if list[i].Fingerprint != fingerprint {
		return ruling.No(ruling.Stale, 0, "fingerprint-changed")
	}
	ok, err := d.Store.Confirm(ctx, list[i].Pass.Digest, d.now())
	if err == nil && !ok {
		return ruling.Nothing()
	}
	return err
}

// RevokeMember takes away everything that lets somebody of the talks in, as
// those who administer their delegation, or the mediation, may.
func (d *Door) RevokeMember(ctx context.Context, by Officer, talks string, whom seat.Seat) error {
	if err := d.entitled(ctx, Revoke, by, place(talks, whom), false); err != nil {
		return err
	}
	if err := d.onlyHere(ctx, talks, whom); err != nil {
		return err
	}
	return d.RevokeAll(ctx, PersonID(whom.Person))
}

// good reports whether a passkey may sign.
func good(k Passkey) bool { return !k.Confirmed.IsZero() && k.Revoked.IsZero() }

// live returns the passkeys of a person that may sign.
func (d *Door) live(ctx context.Context, id PersonID) ([]Passkey, error) {
	keys, err := d.Store.Passkeys(ctx, id)
	return slices.DeleteFunc(keys, func(k Passkey) bool { return !good(k) }), err
}

// Passkeys returns those passkeys of a person that are not revoked, in the
// order in which they were made.
func (d *Door) Passkeys(ctx context.Context, id PersonID) ([]Passkey, error) {
	keys, err := d.Store.Passkeys(ctx, id)
	return slices.DeleteFunc(keys, func(k Passkey) bool { return !k.Revoked.IsZero() }), err
}

// RevokePasskey takes one of a visitor's own passkeys away, and ends what was
// signed in with it. Whoever found an unlocked laptop cannot: it asks for a
// fresh signature.
func (d *Door) RevokePasskey(ctx context.Context, v Visit, handle string) error {
	keys, err := d.Passkeys(ctx, v.Person.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(keys, func(k Passkey) bool { return k.Handle() == handle })
	if i < 0 {
		return ruling.Nothing()
	}
	if err := d.proved(ctx, v); err != nil {
		return err
	}
	return d.Store.Retire(ctx, keys[i].ID, d.now())
}

// RevokeSheet takes a visitor's own sheet away: its codes and what was signed
// in with them, this visit included.
func (d *Door) RevokeSheet(ctx context.Context, v Visit) error {
	if v.Pass.Means != BySheet || v.Pass.Via == (Digest{}) {
		return ruling.Nothing()
	}
	_, err := d.Store.RevokeVia(ctx, v.Person.ID, v.Pass.Via, d.now())
	return err
}
