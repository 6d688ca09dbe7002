// Package seat says who stands where, and what each place entitles to.
//
// It owns the words Person, Party, Role, Powers and Seat, the one table
// [Permits] of who may do what, and the one list of groups that a seat hears
// with ([Seat.Groups]). It knows nothing of any particular talks.
package seat

import (
	"regexp"
	"slices"
)

// A Person is whoever acts: an opaque key handed out by access, never a name
// and never a login.
type Person string

// A Party is the key of a side that can consent. It never changes; what a
// party is called depends on who reads.
type Party string

var partyKey = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Valid reports whether p can be a party's key: a lower-case letter, then at
// most 31 of lower-case letters, digits and hyphens. Words that name a group
// of readers are not to be had.
func (p Party) Valid() bool {
	return partyKey.MatchString(string(p)) && !slices.Contains([]string{Parties, Mediation, ChairGroup, Public, "secretariat", "observer", "guarantor", "host"}, string(p))
}

// A Role is what a seat is for.
type Role string

const (
	Convener    Role = "convener"  // holds the first link, until the talks are convened
	Mediator    Role = "mediator"  // leads the mediation
	Team        Role = "team"      // of the mediation team
	Host        Role = "host"      // sees nothing by virtue of hosting
	Head        Role = "head"      // of a delegation
	Delegate    Role = "delegate"  // member of a delegation
	Adviser     Role = "adviser"   // sits with a delegation and does not speak
	Capital     Role = "capital"   // a principal at home, who reads what the delegation reads
	Observer    Role = "observer"  // hears, and does not speak
	Guarantor   Role = "guarantor" // hears; undertakes of its own later on
	Secretariat Role = "secretariat"
	// Chair is an office rather than a seat: whoever holds it acts by it as
	// well as by their seat.
	Chair Role = "chair"
)

// Roles returns every role, Chair included, in the order in which they are listed.
func Roles() []Role {
	return []Role{Convener, Mediator, Team, Chair, Host, Head, Delegate, Adviser, Capital, Observer, Guarantor, Secretariat}
}

// OfParty reports whether the role belongs to a party's delegation or its capital.
func (r Role) OfParty() bool { return slices.Contains([]Role{Head, Delegate, Adviser, Capital}, r) }

// A Power is something a person may do on behalf of a party (Vienna Convention
// on the Law of Treaties, articles 7 to 10).
type Power string

const (
	Negotiate         Power = "negotiate"
	AdoptAdReferendum Power = "adopt-ad-referendum"
	Adopt             Power = "adopt"
	Initial           Power = "initial"
	Sign              Power = "sign"
	Bind              Power = "bind"
)

// Powers returns every power, from the least to the most binding.
func Powers() []Power {
	return []Power{Negotiate, AdoptAdReferendum, Adopt, Initial, Sign, Bind}
}

// A Key names a seat in its talks. It says nothing of the person.
type Key string

// A Seat is a person's place.
type Seat struct {
	Key     Key
	Person  Person
	Party   Party // empty unless the role is of a party
	Role    Role
	Chair   bool // holds the chair now
	Name    string
	Offices string // held elsewhere, as the side itself words them
	Powers  []Power
}

// Is reports whether the seat has the role, the chair included.
func (s Seat) Is(roles ...Role) bool {
	return slices.Contains(roles, s.Role) || s.Chair && slices.Contains(roles, Chair)
}

// Groups of readers that an entry may be for. A party's own group is
// "party:" and its key, an observer's "observer:" and the seat's key.
const (
	Parties    = "parties"   // every party with its capital
	Mediation  = "mediation" // mediator and team
	ChairGroup = "chair"
	Public     = "public"
)

// PartyGroup is the group of one delegation and its capital.
func PartyGroup(p Party) string { return "party:" + string(p) }

// ObserverGroup is the group of one observer or guarantor.
func ObserverGroup(k Key) string { return "observer:" + string(k) }

// Groups returns the groups the seat hears with. Hosting, and keeping the
// software running, entitle to nothing.
func (s Seat) Groups() []string {
	groups := []string{Public}
	switch s.Role {
	case Head, Delegate, Adviser, Capital:
		groups = append(groups, Parties, PartyGroup(s.Party))
	case Mediator, Team:
		groups = append(groups, Mediation)
	case Observer, Guarantor:
		groups = append(groups, ObserverGroup(s.Key))
	}
	if s.Chair {
		groups = append(groups, ChairGroup)
	}
	return groups
}

// Side returns whom the seat speaks for: its party; "chair" for whoever holds
// the chair without a party; "mediation" for mediator and team; else the role.
func (s Seat) Side() string {
	switch {
	case s.Party != "":
		return string(s.Party)
	case s.Chair:
		return ChairGroup
	case s.Role == Mediator || s.Role == Team:
		return Mediation
	}
	return string(s.Role)
}
