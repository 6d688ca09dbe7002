package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/access"
)

// Access is an [access.Store]. The zero Access is empty and ready to use.
type Access struct {
	mu     sync.Mutex
	people map[access.PersonID]access.Person
	passes map[access.Digest]access.Pass

	passkeys   map[access.Digest]access.Passkey
	ceremonies map[access.Digest]access.Ceremony
	identities map[access.Digest]access.Identity
}

// Enrol adds a person.
func (a *Access) Enrol(ctx context.Context, p access.Person) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, taken := a.people[p.ID]; taken {
		return access.ErrTaken
	}
	if a.people == nil {
		a.people = make(map[access.PersonID]access.Person)
	}
	p.Talks = slices.Compact(slices.Sorted(slices.Values(p.Talks)))
	a.people[p.ID] = p
	return nil
}

// Person returns a person.
func (a *Access) Person(ctx context.Context, id access.PersonID) (access.Person, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.people[id]
	if !ok {
		return access.Person{}, access.ErrNobody
	}
	p.Talks = slices.Clone(p.Talks)
	return p, nil
}

// People returns everybody.
func (a *Access) People(ctx context.Context) ([]access.Person, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := slices.SortedFunc(maps.Values(a.people), func(p, q access.Person) int { return cmp.Compare(p.ID, q.ID) })
	for i := range all {
		all[i].Talks = slices.Clone(all[i].Talks)
	}
	return all, nil
}

// Join adds talks to those of a person.
func (a *Access) Join(ctx context.Context, id access.PersonID, talks string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.people[id]
	if !ok {
		return access.ErrNobody
	}
	if i, there := slices.BinarySearch(p.Talks, talks); !there {
		p.Talks = slices.Insert(p.Talks, i, talks)
	}
	a.people[id] = p
	return nil
}

// Issue adds a pass.
func (a *Access) Issue(ctx context.Context, p access.Pass) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.issue(p)
}

func (a *Access) issue(p access.Pass) error {
	if _, ok := a.people[p.Person]; !ok {
		return access.ErrNobody
	}
	if _, taken := a.passes[p.Digest]; taken {
		return access.ErrTaken
	}
	if a.passes == nil {
		a.passes = make(map[access.Digest]access.Pass)
	}
	a.passes[p.Digest] = p
	return nil
}

// Pass returns a pass.
func (a *Access) Pass(ctx context.Context, d access.Digest) (access.Pass, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.passes[d]
	return p, ok, nil
}

// Passes returns all passes of a person.
func (a *Access) Passes(ctx context.Context, id access.PersonID) ([]access.Pass, error) {
	return a.those(func(p access.Pass) bool { return p.Person == id }), nil
}

// those returns some passes, in the order in which they were made.
func (a *Access) those(wanted func(access.Pass) bool) []access.Pass {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []access.Pass
	for _, p := range a.passes {
		if wanted(p) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(p, q access.Pass) int {
		return cmp.Or(p.Made.Compare(q.Made), slices.Compare(p.Digest[:], q.Digest[:]))
	})
	return all
}

// Redeem uses a link up and issues the login that it turns into.
func (a *Access) Redeem(ctx context.Context, link access.Digest, at time.Time, login access.Pass) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.passes[link]
	if !ok || p.Kind != access.Link || p.Person != login.Person || !p.Used.IsZero() || !p.Revoked.IsZero() || !at.Before(p.Until) {
		return false, nil
	}
	if err := a.issue(login); err != nil {
		return false, err
	}
	p.Used = at
	a.passes[link] = p
	return true, nil
}

// Seen moves the last use of a pass forward.
func (a *Access) Seen(ctx context.Context, d access.Digest, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p, ok := a.passes[d]; ok && at.After(p.Seen) {
		p.Seen = at
		a.passes[d] = p
	}
	return nil
}

// Revoke marks a pass as revoked.
func (a *Access) Revoke(ctx context.Context, d access.Digest, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p, ok := a.passes[d]; ok && p.Revoked.IsZero() {
		p.Revoked = at
		a.passes[d] = p
	}
	return nil
}

// RevokeAll marks all passes and passkeys of a person as revoked, and deletes
// their identities.
func (a *Access) RevokeAll(ctx context.Context, id access.PersonID, at time.Time) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for d, k := range a.passkeys {
		if k.Person == id && k.Revoked.IsZero() {
			k.Revoked = at
			a.passkeys[d] = k
		}
	}
	maps.DeleteFunc(a.identities, func(_ access.Digest, i access.Identity) bool { return i.Person == id })
	return a.revoke(at, func(p access.Pass) bool { return p.Person == id }), nil
}

// RevokeVia marks the passes that a person has by one way as revoked.
func (a *Access) RevokeVia(ctx context.Context, id access.PersonID, via access.Digest, at time.Time) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.revoke(at, func(p access.Pass) bool { return p.Person == id && p.Via == via }), nil
}

// revoke marks some passes as revoked and returns how many were not before.
func (a *Access) revoke(at time.Time, which func(access.Pass) bool) (n int64) {
	for d, p := range a.passes {
		if which(p) && p.Revoked.IsZero() {
			p.Revoked = at
			a.passes[d] = p
			n++
		}
	}
	return n
}

// Sweep deletes the passes that ran out before a time.
func (a *Access) Sweep(ctx context.Context, before time.Time) (n int64, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for d, p := range a.passes {
		if p.Until.Before(before) {
			delete(a.passes, d)
			n++
		}
	}
	return n, nil
}
