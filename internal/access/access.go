// Package access knows who is asking.
//
// It owns people and what lets them in: links that work once, logins, and
// tokens for scripts. Of each it keeps a digest, never the token itself, so
// that a stolen database opens no door. It reads no clock and draws no random
// numbers of its own; both are handed to the [Door].
//
// It promises that a link lets in one visitor, however many press at once, and
// stays used after a crash; and that whoever is turned away is told the same,
// whatever was wrong with what they held. Only the operator's log says more,
// and it never holds a token.
//
// It does not know who sits where: that stands on the record of the talks. It
// knows in which talks a person has been named, so that a lobby can be shown,
// and carries the purpose of a link to whoever must act on it.
package access

import (
	"context"
	"encoding/hex"
	"errors"
	"time"
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

// A Digest is the SHA-256 of a token's 16 bytes.
type Digest [32]byte

// A Pass lets one person in.
type Pass struct {
	Digest  Digest
	Kind    Kind
	Person  PersonID
	Purpose string // what the link was sent for, such as "convene:istanbul"; its login keeps it
	Label   string // of a login the device, of a script its name; for its owner to know it by
	// Times are UTC, in whole microseconds.
	Made    time.Time
	Until   time.Time // the first moment at which it is no longer good
	Seen    time.Time // last use, to about a minute
	Used    time.Time // of a link: when it was redeemed; zero before
	Revoked time.Time // zero if it was not
}

// Handle names a pass in a list without giving it away: 16 hexadecimal digits
// of its digest.
func (p Pass) Handle() string { return hex.EncodeToString(p.Digest[:8]) }

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
	// at this very moment included, and returns how many it marked.
	RevokeAll(ctx context.Context, id PersonID, at time.Time) (int64, error)
	// Sweep deletes the passes with Until before this and returns how many.
	Sweep(ctx context.Context, before time.Time) (int64, error)
}
