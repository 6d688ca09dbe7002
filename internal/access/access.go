// Package access knows who is asking.
//
// It owns people and what lets them in: links and codes that work once,
// passkeys, logins, sign-in through a delegation's own provider, and tokens for
// scripts. Of links, logins and tokens it keeps a digest, never the token
// itself, and of passkeys the public half, so that a stolen database opens no
// door. It reads no clock and draws no random numbers of its own; both are
// handed to the [Door].
//
// It promises that a link lets in one visitor, however many press at once, and
// stays used after a crash; that a challenge is answered once; that whoever was
// invited for a delegation gets nowhere until somebody entitled has compared
// their fingerprint and confirmed them ([May] is the table); and that whoever is
// turned away is told the same, whatever was wrong with what they held. Only
// the operator's log says more, and it never holds a token.
//
// It does not know who sits where: that stands on the record of the talks, and
// whoever calls brings the seat along. It knows in which talks a person has been
// named, so that a lobby can be shown, and carries the purpose of a link to
// whoever must act on it. It never sees what a passkey derives for encryption
// (PRF): a request that holds it is refused.
package access

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"parley/internal/seat"
)

// A PersonID is "p-" and eight hexadecimal digits. It says nothing about the
// person and is never given to another.
type PersonID string

// A Person is somebody who may come in.
type Person struct {
	ID    PersonID
	Name  string   // as they are to be addressed, 1 to 200 bytes
	Talks []string // ids of the talks that they were named in, in order
}

// A Kind of pass says how it lets its bearer in. The numbers are stored.
type Kind uint8

const (
	Link   Kind = 1 // sent to a person; works once and turns into a login
	Login  Kind = 2 // a browser's cookie
	Script Kind = 3 // a bearer token for the API
)

func (k Kind) String() string {
	switch k {
	case Link:
		return "link"
	case Login:
		return "login"
	case Script:
		return "script"
	}
	return "pass of unknown kind"
}

// Means is how a bearer came in. The numbers are stored.
type Means uint8

const (
	ByLink     Means = 0 // sent to them
	BySheet    Means = 1 // a code typed off paper
	ByPasskey  Means = 2
	ByProvider Means = 3 // a provider that their delegation chose
)

// A Place is where an invitation leads: the talks, the party if it is of one,
// and the role there. The zero Place is none.
type Place struct {
	Talks string
	Party seat.Party
	Role  seat.Role
}

// A Digest is the SHA-256 of a token's 16 bytes.
type Digest [32]byte

// A Pass lets one person in.
type Pass struct {
	Digest  Digest
	Kind    Kind
	Person  PersonID
	Purpose string // what the link was sent for, such as "convene:istanbul"; its login keeps it
	Label   string // of a login the device, of a script its name; for its owner to know it by
	Place   Place  // of a link where it leads; its login keeps it
	Means   Means  // of a login how it was come by; of a link how it was handed over
	Via     Digest // of a login the passkey or identity; of a sheet's codes, and logins made from them, the sheet; else zero
	Awaits  bool   // opens nothing until it is confirmed
	// Times are UTC, in whole microseconds.
	Made      time.Time
	Until     time.Time // the first moment at which it is no longer good
	Seen      time.Time // last use, to about a minute
	Used      time.Time // of a link: when it was redeemed; zero before
	Revoked   time.Time // zero if it was not
	Confirmed time.Time // of one that awaits it; zero before
	Proved    time.Time // of a login: when its bearer last signed with a passkey; zero if never
}

// Waits reports whether the pass opens nothing yet.
func (p Pass) Waits() bool { return p.Awaits && p.Confirmed.IsZero() }

// Handle names a pass in a list without giving it away: 16 hexadecimal digits
// of its digest.
func (p Pass) Handle() string { return hex.EncodeToString(p.Digest[:8]) }

// A Passkey is the public half of a key that a person's device keeps.
type Passkey struct {
	ID         Digest // SHA-256 of Raw
	Raw        []byte // as the device names it, at most 1,023 bytes
	Person     PersonID
	Public     []byte // COSE_Key (RFC 9052), as the device wrote it
	Label      string // the device it was made on
	Place      Place  // of the login through which it was registered
	Login      Digest // that login
	Transports string // how a browser reaches it, with commas between: "internal,hybrid"
	Flags      uint8  // of the authenticator data, when it was made (WebAuthn section 6.1)
	Count      uint32 // of signatures, by devices that count; others stay at 0
	Made       time.Time
	Seen       time.Time // when it last signed
	Confirmed  time.Time // zero while the login awaits it
	Revoked    time.Time
}

// Handle names a passkey in a list: 16 hexadecimal digits of its id.
func (k Passkey) Handle() string { return hex.EncodeToString(k.ID[:8]) }

// A Ceremony is a challenge that waits for its answer. Session is the door's own.
type Ceremony struct {
	Digest  Digest // of the token that the answer must bring
	Kind    uint8
	Person  PersonID // empty while nobody has said who they are
	Login   Digest   // zero if there was none
	Session []byte
	Until   time.Time
}

// An Identity is whom a provider knows a person as.
type Identity struct {
	ID       Digest // of provider and subject
	Person   PersonID
	Provider string // key of the provider
	Made     time.Time
}

// Stores return these as they are.
var (
	// ErrTaken means that there is a person with this id, or a pass with this digest.
	ErrTaken = errors.New("the id is taken")
	// ErrNobody means that there is no person with this id.
	ErrNobody = errors.New("there is no such person")
)

// A Store keeps people and passes. Implementations pass accesstest.TestStore.
// What a method has done is durable when it returns, except for Seen, of which
// a crash may lose the last. Methods may be called from any number of
// goroutines.
type Store interface {
	// Enrol adds a person, or returns ErrTaken.
	Enrol(ctx context.Context, p Person) error
	// Person returns a person, or ErrNobody.
	Person(ctx context.Context, id PersonID) (Person, error)
	// People returns everybody, in order of id.
	People(ctx context.Context) ([]Person, error)
	// Join adds talks to those of a person, once, or returns ErrNobody.
	Join(ctx context.Context, id PersonID, talks string) error

	// Issue adds a pass, or returns ErrTaken or ErrNobody.
	Issue(ctx context.Context, p Pass) error
	// Pass returns a pass, good or not; ok is false if there is none.
	Pass(ctx context.Context, d Digest) (p Pass, ok bool, err error)
	// Passes returns all passes of a person, in the order in which they were made.
	Passes(ctx context.Context, id PersonID) ([]Pass, error)
	// Redeem marks a link as used and issues login, both or neither. Of any
	// number of calls for one link, one returns true. It returns false, and
	// does nothing, unless at this moment there is such a link, unused, not
	// revoked, with Until after at.
	Redeem(ctx context.Context, link Digest, at time.Time, login Pass) (bool, error)
	// Seen moves the last use of a pass forward.
	Seen(ctx context.Context, d Digest, at time.Time) error
	// Revoke marks a pass as revoked, if there is one that is not already.
	Revoke(ctx context.Context, d Digest, at time.Time) error
	// RevokeAll does so with all passes of a person, a login made from a link
	// at this very moment included, and returns how many it marked. Their
	// passkeys are revoked and their identities deleted with them, uncounted.
	RevokeAll(ctx context.Context, id PersonID, at time.Time) (int64, error)
	// RevokeVia does so with the passes of a person that have this Via.
	RevokeVia(ctx context.Context, id PersonID, via Digest, at time.Time) (int64, error)
	// Confirm marks a login that awaits it as confirmed, and with it the other
	// codes and logins of the same sheet, and the passkeys registered through
	// any of them. It returns false, and does nothing, if there is no such
	// login or it is revoked; a second time it confirms what has come since.
	Confirm(ctx context.Context, login Digest, at time.Time) (bool, error)
	// Awaiting returns the logins of talks that wait to be confirmed, neither
	// revoked nor past their end at that moment, in the order in which they were made.
	Awaiting(ctx context.Context, talks string, at time.Time) ([]Pass, error)
	// Sweep deletes the passes with Until before this and returns how many.
	Sweep(ctx context.Context, before time.Time) (int64, error)

	// Register adds a passkey, confirmed if at this moment its login is one
	// that does not wait, or returns ErrTaken. It returns false, and does
	// nothing, if there is no such login of that person or it is revoked.
	Register(ctx context.Context, k Passkey) (bool, error)
	// Passkey returns a passkey, revoked or not; ok is false if there is none.
	Passkey(ctx context.Context, id Digest) (k Passkey, ok bool, err error)
	// Passkeys returns all passkeys of a person, in the order in which they were made.
	Passkeys(ctx context.Context, id PersonID) ([]Passkey, error)
	// PasskeysOf returns all passkeys registered for a party in talks, in that order.
	PasskeysOf(ctx context.Context, talks string, party seat.Party) ([]Passkey, error)
	// SignIn notes that a passkey signed and issues login, both or neither. It
	// returns false unless at this moment the passkey is that person's,
	// confirmed and not revoked, and count is after its own or both are zero.
	SignIn(ctx context.Context, key Digest, count uint32, login Pass) (bool, error)
	// StepUp notes that a passkey signed for a login, on the same terms, and if
	// the login is of the same person and not revoked; proves says whether the
	// login is proved by it from that moment on.
	StepUp(ctx context.Context, key Digest, count uint32, login Digest, proves bool, at time.Time) (bool, error)
	// Retire revokes a passkey and the logins made with it.
	Retire(ctx context.Context, key Digest, at time.Time) error

	// Keep adds a ceremony, or returns ErrTaken, and forgets those whose Until
	// is not after at: anybody may begin one, and they must not pile up.
	Keep(ctx context.Context, c Ceremony, at time.Time) error
	// Take removes a ceremony and returns it; of any number of calls one is
	// told true. It is told false if at this moment its Until is not after at.
	Take(ctx context.Context, d Digest, at time.Time) (Ceremony, bool, error)

	// Acknowledge adds an identity, or returns ErrTaken or ErrNobody.
	Acknowledge(ctx context.Context, i Identity) error
	// Identity returns an identity; ok is false if there is none.
	Identity(ctx context.Context, id Digest) (i Identity, ok bool, err error)
	// SignInAs issues login if at this moment there is such an identity of that person.
	SignInAs(ctx context.Context, id Digest, login Pass) (bool, error)
	// Disown deletes an identity and revokes the logins made with it.
	Disown(ctx context.Context, id Digest, at time.Time) error
}
