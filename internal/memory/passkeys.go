package memory

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"parley/internal/access"
	"parley/internal/seat"
)

// put adds to a map that may not have been made yet.
func put[V any](m *map[access.Digest]V, d access.Digest, v V) {
	if *m == nil {
		*m = make(map[access.Digest]V)
	}
	(*m)[d] = v
}

// Confirm marks a login, its sheet, and the passkeys registered through them.
func (a *Access) Confirm(ctx context.Context, login access.Digest, at time.Time) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.passes[login]
	if !ok || l.Kind != access.Login || !l.Awaits || !l.Revoked.IsZero() {
		return false, nil
	}
	for d, p := range a.passes {
		same := d == login || l.Means == access.BySheet && p.Person == l.Person && p.Via == l.Via
		if same && p.Waits() {
			p.Confirmed = at
			a.passes[d] = p
		}
	}
	for d, k := range a.passkeys {
		if p := a.passes[k.Login]; k.Person == l.Person && !p.Confirmed.IsZero() && k.Confirmed.IsZero() {
			k.Confirmed = at
			a.passkeys[d] = k
		}
	}
	return true, nil
}

// Awaiting returns the logins of talks that wait.
func (a *Access) Awaiting(ctx context.Context, talks string, at time.Time) ([]access.Pass, error) {
	return a.those(func(p access.Pass) bool {
		return p.Kind == access.Login && p.Place.Talks == talks && p.Waits() && p.Revoked.IsZero() && at.Before(p.Until)
	}), nil
}

// Register adds a passkey.
func (a *Access) Register(ctx context.Context, k access.Passkey) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.passes[k.Login]
	if !ok || l.Kind != access.Login || l.Person != k.Person || !l.Revoked.IsZero() {
		return false, nil
	}
	if _, taken := a.passkeys[k.ID]; taken {
		return false, access.ErrTaken
	}
	k.Confirmed = k.Made
	if l.Waits() {
		k.Confirmed = time.Time{}
	}
	put(&a.passkeys, k.ID, own(k))
	return true, nil
}

// own returns a passkey that shares no bytes with k.
func own(k access.Passkey) access.Passkey {
	k.Raw, k.Public = bytes.Clone(k.Raw), bytes.Clone(k.Public)
	return k
}

// Passkey returns a passkey.
func (a *Access) Passkey(ctx context.Context, id access.Digest) (access.Passkey, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, ok := a.passkeys[id]
	return own(k), ok, nil
}

// Passkeys returns all passkeys of a person.
func (a *Access) Passkeys(ctx context.Context, id access.PersonID) ([]access.Passkey, error) {
	return a.keys(func(k access.Passkey) bool { return k.Person == id }), nil
}

// PasskeysOf returns all passkeys registered for a party in talks.
func (a *Access) PasskeysOf(ctx context.Context, talks string, party seat.Party) ([]access.Passkey, error) {
	return a.keys(func(k access.Passkey) bool { return k.Place.Talks == talks && k.Place.Party == party }), nil
}

func (a *Access) keys(wanted func(access.Passkey) bool) []access.Passkey {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []access.Passkey
	for _, k := range a.passkeys {
		if wanted(k) {
			all = append(all, own(k))
		}
	}
	slices.SortFunc(all, func(p, q access.Passkey) int {
		return cmp.Or(p.Made.Compare(q.Made), slices.Compare(p.ID[:], q.ID[:]))
	})
	return all
}

// sign notes a signature if the passkey may sign for that person.
func (a *Access) sign(key access.Digest, count uint32, who access.PersonID, at time.Time) bool {
	k, ok := a.passkeys[key]
	counted := count > k.Count || count == 0 && k.Count == 0
	if !ok || k.Person != who || k.Confirmed.IsZero() || !k.Revoked.IsZero() || !counted {
		return false
	}
	k.Count = count
	if at.After(k.Seen) {
		k.Seen = at
	}
	a.passkeys[key] = k
	return true
}

// SignIn notes a signature and issues the login that it is good for.
func (a *Access) SignIn(ctx context.Context, key access.Digest, count uint32, login access.Pass) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, taken := a.passes[login.Digest]; taken {
		return false, access.ErrTaken
	}
	if !a.sign(key, count, login.Person, login.Made) {
		return false, nil
	}
	return true, a.issue(login)
}

// StepUp notes a signature for a login.
func (a *Access) StepUp(ctx context.Context, key access.Digest, count uint32, login access.Digest, proves bool, at time.Time) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l, ok := a.passes[login]
	if !ok || l.Kind != access.Login || !l.Revoked.IsZero() || !a.sign(key, count, l.Person, at) {
		return false, nil
	}
	if proves {
		l.Proved = at
		a.passes[login] = l
	}
	return true, nil
}

// Retire revokes a passkey and the logins made with it.
func (a *Access) Retire(ctx context.Context, key access.Digest, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	k, ok := a.passkeys[key]
	if !ok {
		return nil
	}
	if k.Revoked.IsZero() {
		k.Revoked = at
		a.passkeys[key] = k
	}
	a.revoke(at, func(p access.Pass) bool { return p.Kind == access.Login && p.Means == access.ByPasskey && p.Via == key })
	return nil
}

// Keep adds a ceremony and forgets those that are over.
func (a *Access) Keep(ctx context.Context, c access.Ceremony, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.ceremonies, func(_ access.Digest, c access.Ceremony) bool { return !at.Before(c.Until) })
	if _, taken := a.ceremonies[c.Digest]; taken {
		return access.ErrTaken
	}
	c.Session = bytes.Clone(c.Session)
	put(&a.ceremonies, c.Digest, c)
	return nil
}

// Take removes a ceremony and returns it.
func (a *Access) Take(ctx context.Context, d access.Digest, at time.Time) (access.Ceremony, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.ceremonies[d]
	delete(a.ceremonies, d)
	if !ok || !at.Before(c.Until) {
		return access.Ceremony{}, false, nil
	}
	return c, true, nil
}

// Acknowledge adds an identity.
func (a *Access) Acknowledge(ctx context.Context, i access.Identity) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.people[i.Person]; !ok {
		return access.ErrNobody
	}
	if _, taken := a.identities[i.ID]; taken {
		return access.ErrTaken
	}
	put(&a.identities, i.ID, i)
	return nil
}

// Identity returns an identity.
func (a *Access) Identity(ctx context.Context, id access.Digest) (access.Identity, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, ok := a.identities[id]
	return i, ok, nil
}

// SignInAs issues a login to whoever an identity is.
func (a *Access) SignInAs(ctx context.Context, id access.Digest, login access.Pass) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i, ok := a.identities[id]; !ok || i.Person != login.Person {
		return false, nil
	}
	err := a.issue(login)
	return err == nil, err
}

// Disown deletes an identity and revokes the logins made with it.
func (a *Access) Disown(ctx context.Context, id access.Digest, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.identities, id)
	a.revoke(at, func(p access.Pass) bool { return p.Kind == access.Login && p.Means == access.ByProvider && p.Via == id })
	return nil
}
