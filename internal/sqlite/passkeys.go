package sqlite

import (
	"context"
	"database/sql/driver"
	"time"

	"parley/internal/access"
	"parley/internal/seat"
)

const (
	keyColumns   = "id, raw, person, public, label, talks, party, role, login, transports, flags, count, made, seen, confirmed, revoked"
	findKey      = "SELECT " + keyColumns + " FROM passkeys WHERE id = ?"
	keysOf       = "SELECT " + keyColumns + " FROM passkeys WHERE person = ? ORDER BY made, id"
	keysOfParty  = "SELECT " + keyColumns + " FROM passkeys WHERE talks = ? AND party = ? ORDER BY made, id"
	addKey       = "INSERT INTO passkeys (" + keyColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	signKey      = "UPDATE passkeys SET count = ?1, seen = max(seen, ?2) WHERE id = ?3 AND person = ?4 AND confirmed IS NOT NULL AND revoked IS NULL AND (?1 > count OR ?1 = 0 AND count = 0)"
	revokeKey    = "UPDATE passkeys SET revoked = ? WHERE id = ? AND revoked IS NULL"
	revokeKeys   = "UPDATE passkeys SET revoked = ? WHERE person = ? AND revoked IS NULL"
	revokeMeans  = "UPDATE passes SET revoked = ? WHERE person = ? AND kind = 2 AND means = ? AND via = ? AND revoked IS NULL"
	revokeVia    = "UPDATE passes SET revoked = ? WHERE person = ? AND via = ? AND revoked IS NULL"
	proveLogin   = "UPDATE passes SET proved = ? WHERE digest = ?"
	awaiting     = "SELECT " + columns + " FROM passes WHERE talks = ? AND awaits = 1 AND confirmed IS NULL AND kind = 2 AND revoked IS NULL AND until > ? ORDER BY made, digest"
	confirmLogin = "UPDATE passes SET confirmed = ? WHERE digest = ? AND awaits = 1 AND confirmed IS NULL"
	confirmSheet = "UPDATE passes SET confirmed = ? WHERE person = ? AND via = ? AND awaits = 1 AND confirmed IS NULL"
	confirmKeys  = "UPDATE passkeys SET confirmed = ? WHERE person = ? AND confirmed IS NULL AND login IN (SELECT digest FROM passes WHERE person = passkeys.person AND confirmed IS NOT NULL)"

	addCeremony     = "INSERT INTO ceremonies (digest, kind, person, login, session, until) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	findCeremony    = "SELECT kind, person, login, session, until FROM ceremonies WHERE digest = ?"
	takeCeremony    = "DELETE FROM ceremonies WHERE digest = ?"
	sweepCeremonies = "DELETE FROM ceremonies WHERE until <= ?"

	addIdentity  = "INSERT INTO identities (id, person, provider, made) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
	findIdentity = "SELECT person, provider, made FROM identities WHERE id = ?"
	disown       = "DELETE FROM identities WHERE id = ?"
	disownAll    = "DELETE FROM identities WHERE person = ?"
)

// loginOf returns the login of a digest unless it is revoked or none.
func loginOf(c *conn, d access.Digest) (access.Pass, error) {
	row, err := c.one(findPass, d[:])
	if err != nil {
		return access.Pass{}, err
	}
	if row == nil {
		return access.Pass{}, refused{errNotGood{}}
	}
	l := pass(row)
	if l.Kind != access.Login || !l.Revoked.IsZero() {
		return access.Pass{}, refused{errNotGood{}}
	}
	return l, nil
}

// RevokeVia marks the passes that a person has by one way as revoked.
func (s people) RevokeVia(ctx context.Context, id access.PersonID, via access.Digest, at time.Time) (int64, error) {
	return s.enter(ctx, revokeVia, at.UnixMicro(), string(id), via[:])
}

// Confirm marks a login, its sheet, and the passkeys registered through them.
func (s people) Confirm(ctx context.Context, login access.Digest, at time.Time) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		l, err := loginOf(c, login)
		if err != nil {
			return err
		}
		if !l.Awaits {
			return refused{errNotGood{}}
		}
		if _, err := c.exec(confirmLogin, at.UnixMicro(), login[:]); err != nil {
			return err
		}
		if l.Means == access.BySheet {
			if _, err := c.exec(confirmSheet, at.UnixMicro(), string(l.Person), l.Via[:]); err != nil {
				return err
			}
		}
		_, err = c.exec(confirmKeys, at.UnixMicro(), string(l.Person))
		return err
	})
}

// Awaiting returns the logins of talks that wait.
func (s people) Awaiting(ctx context.Context, talks string, at time.Time) ([]access.Pass, error) {
	return s.passes(ctx, awaiting, talks, at.UnixMicro())
}

// Register adds a passkey.
func (s people) Register(ctx context.Context, k access.Passkey) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		l, err := loginOf(c, k.Login)
		if err != nil {
			return err
		}
		if l.Person != k.Person {
			return refused{errNotGood{}}
		}
		k.Confirmed = k.Made
		if l.Waits() {
			k.Confirmed = time.Time{}
		}
		n, err := c.exec(addKey, k.ID[:], k.Raw, string(k.Person), k.Public, k.Label, k.Place.Talks, string(k.Place.Party),
			string(k.Place.Role), k.Login[:], k.Transports, int64(k.Flags), int64(k.Count),
			k.Made.UnixMicro(), k.Seen.UnixMicro(), when(k.Confirmed), when(k.Revoked))
		if err == nil && n == 0 {
			return refused{access.ErrTaken}
		}
		return err
	})
}

// passkey makes a passkey of a row of keyColumns.
func passkey(row []driver.Value) access.Passkey {
	k := access.Passkey{
		Raw: blob(row[1]), Person: access.PersonID(words(row[2])), Public: blob(row[3]), Label: words(row[4]),
		Place:      access.Place{Talks: words(row[5]), Party: seat.Party(words(row[6])), Role: seat.Role(words(row[7]))},
		Transports: words(row[9]), Flags: uint8(integer(row[10])), Count: uint32(integer(row[11])),
		Made: moment(row[12]), Seen: moment(row[13]), Confirmed: moment(row[14]), Revoked: moment(row[15]),
	}
	copy(k.ID[:], blob(row[0]))
	copy(k.Login[:], blob(row[8]))
	return k
}

// Passkey returns a passkey.
func (s people) Passkey(ctx context.Context, id access.Digest) (k access.Passkey, ok bool, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		row, err := c.one(findKey, id[:])
		if row != nil && err == nil {
			k, ok = passkey(row), true
		}
		return err
	})
	return k, ok, err
}

// Passkeys returns all passkeys of a person.
func (s people) Passkeys(ctx context.Context, id access.PersonID) ([]access.Passkey, error) {
	return s.keys(ctx, keysOf, string(id))
}

// PasskeysOf returns all passkeys registered for a party in talks.
func (s people) PasskeysOf(ctx context.Context, talks string, party seat.Party) ([]access.Passkey, error) {
	return s.keys(ctx, keysOfParty, talks, string(party))
}

func (s people) keys(ctx context.Context, query string, args ...driver.Value) (all []access.Passkey, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		return c.each(query, func(row []driver.Value) error {
			all = append(all, passkey(row))
			return nil
		}, args...)
	})
	return all, err
}

// sign notes a signature if the passkey may sign for that person.
func sign(c *conn, key access.Digest, count uint32, who access.PersonID, at time.Time) error {
	n, err := c.exec(signKey, int64(count), at.UnixMicro(), key[:], string(who))
	if err == nil && n == 0 {
		return refused{errNotGood{}}
	}
	return err
}

// SignIn notes a signature and issues the login that it is good for.
func (s people) SignIn(ctx context.Context, key access.Digest, count uint32, login access.Pass) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		if err := sign(c, key, count, login.Person, login.Made); err != nil {
			return err
		}
		return issueNew(c, login)
	})
}

// StepUp notes a signature for a login.
func (s people) StepUp(ctx context.Context, key access.Digest, count uint32, login access.Digest, proves bool, at time.Time) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		l, err := loginOf(c, login)
		if err != nil {
			return err
		}
		if err := sign(c, key, count, l.Person, at); err != nil || !proves {
			return err
		}
		_, err = c.exec(proveLogin, at.UnixMicro(), login[:])
		return err
	})
}

// Retire revokes a passkey and the logins made with it.
func (s people) Retire(ctx context.Context, key access.Digest, at time.Time) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		row, err := c.one(findKey, key[:])
		if err != nil || row == nil {
			return err
		}
		if _, err := c.exec(revokeKey, at.UnixMicro(), key[:]); err != nil {
			return err
		}
		_, err = c.exec(revokeMeans, at.UnixMicro(), string(passkey(row).Person), int64(access.ByPasskey), key[:])
		return err
	}})
}

// Keep adds a ceremony and forgets those that are over.
func (s people) Keep(ctx context.Context, x access.Ceremony, at time.Time) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		n, err := c.exec(addCeremony, x.Digest[:], int64(x.Kind), string(x.Person), x.Login[:], x.Session, x.Until.UnixMicro())
		if err == nil && n == 0 {
			return refused{access.ErrTaken}
		}
		if err == nil {
			_, err = c.exec(sweepCeremonies, at.UnixMicro())
		}
		return err
	}})
}

// Take removes a ceremony and returns it.
func (s people) Take(ctx context.Context, d access.Digest, at time.Time) (x access.Ceremony, ok bool, err error) {
	err = s.h.writing(ctx, &job{work: func(c *conn) error {
		x, ok = access.Ceremony{Digest: d}, false
		row, err := c.one(findCeremony, d[:])
		if err != nil || row == nil {
			return err
		}
		x.Kind, x.Person, x.Session, x.Until = uint8(integer(row[0])), access.PersonID(words(row[1])), blob(row[3]), moment(row[4])
		copy(x.Login[:], blob(row[2]))
		ok = at.Before(x.Until)
		_, err = c.exec(takeCeremony, d[:])
		return err
	}})
	if err != nil || !ok {
		return access.Ceremony{}, false, err
	}
	return x, true, nil
}

// Acknowledge adds an identity.
func (s people) Acknowledge(ctx context.Context, i access.Identity) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		if err := mustBeThere(c, i.Person); err != nil {
			return err
		}
		n, err := c.exec(addIdentity, i.ID[:], string(i.Person), i.Provider, i.Made.UnixMicro())
		if err == nil && n == 0 {
			return refused{access.ErrTaken}
		}
		return err
	}})
}

func identity(c *conn, id access.Digest) (i access.Identity, ok bool, err error) {
	row, err := c.one(findIdentity, id[:])
	if err != nil || row == nil {
		return access.Identity{}, false, err
	}
	return access.Identity{ID: id, Person: access.PersonID(words(row[0])), Provider: words(row[1]), Made: moment(row[2])}, true, nil
}

// Identity returns an identity.
func (s people) Identity(ctx context.Context, id access.Digest) (i access.Identity, ok bool, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		i, ok, err = identity(c, id)
		return err
	})
	return i, ok, err
}

// SignInAs issues a login to whoever an identity is.
func (s people) SignInAs(ctx context.Context, id access.Digest, login access.Pass) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		i, ok, err := identity(c, id)
		if err != nil {
			return err
		}
		if !ok || i.Person != login.Person {
			return refused{errNotGood{}}
		}
		return issueNew(c, login)
	})
}

// Disown deletes an identity and revokes the logins made with it.
func (s people) Disown(ctx context.Context, id access.Digest, at time.Time) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		i, ok, err := identity(c, id)
		if err != nil || !ok {
			return err
		}
		if _, err := c.exec(disown, id[:]); err != nil {
			return err
		}
		_, err = c.exec(revokeMeans, at.UnixMicro(), string(i.Person), int64(access.ByProvider), id[:])
		return err
	}})
}
