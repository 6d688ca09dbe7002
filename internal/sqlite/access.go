package sqlite

import (
	"context"
	"database/sql/driver"
	"time"

	"parley/internal/access"
	"parley/internal/seat"
)

// people is the house as an [access.Store].
type people struct{ h *House }

// Access returns the house's people and passes.
func (h *House) Access() access.Store { return people{h} }

const (
	findPerson  = "SELECT name FROM people WHERE id = ?"
	everybody   = "SELECT p.id, p.name, n.talks FROM people p LEFT JOIN named n ON n.person = p.id ORDER BY p.id, n.talks"
	talksOf     = "SELECT talks FROM named WHERE person = ? ORDER BY talks"
	columns     = "digest, kind, person, purpose, label, made, until, seen, used, revoked, talks, party, role, means, via, awaits, confirmed, proved"
	findPass    = "SELECT " + columns + " FROM passes WHERE digest = ?"
	passesOf    = "SELECT " + columns + " FROM passes WHERE person = ? ORDER BY made, digest"
	addPerson   = "INSERT INTO people (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING"
	addTalks    = "INSERT INTO named (person, talks) VALUES (?, ?) ON CONFLICT DO NOTHING"
	addPass     = "INSERT INTO passes (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	useLink     = "UPDATE passes SET used = ? WHERE digest = ? AND kind = 1 AND person = ? AND used IS NULL AND revoked IS NULL AND until > ?"
	seePass     = "UPDATE passes SET seen = ?1 WHERE digest = ?2 AND seen < ?1"
	revokePass  = "UPDATE passes SET revoked = ? WHERE digest = ? AND revoked IS NULL"
	revokeAll   = "UPDATE passes SET revoked = ? WHERE person = ? AND revoked IS NULL"
	sweepPasses = "DELETE FROM passes WHERE until < ?"
)

// when stores a time, a zero one as NULL.
func when(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

func moment(v driver.Value) time.Time {
	if v == nil {
		return time.Time{}
	}
	return time.UnixMicro(integer(v)).UTC()
}

func yes(b bool) driver.Value {
	if b {
		return int64(1)
	}
	return int64(0)
}

// enter runs one statement and returns how many rows it changed.
func (s people) enter(ctx context.Context, query string, args ...driver.Value) (n int64, err error) {
	err = s.h.writing(ctx, &job{work: func(c *conn) error {
		n, err = c.exec(query, args...)
		return err
	}})
	return n, err
}

// Enrol adds a person.
func (s people) Enrol(ctx context.Context, p access.Person) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		n, err := c.exec(addPerson, string(p.ID), p.Name)
		if err != nil {
			return err
		}
		if n == 0 {
			return refused{access.ErrTaken}
		}
		for _, talks := range p.Talks {
			if _, err := c.exec(addTalks, string(p.ID), talks); err != nil {
				return err
			}
		}
		return nil
	}})
}

// Person returns a person.
func (s people) Person(ctx context.Context, id access.PersonID) (p access.Person, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		row, err := c.one(findPerson, string(id))
		if err != nil {
			return err
		}
		if row == nil {
			return access.ErrNobody
		}
		p = access.Person{ID: id, Name: words(row[0])}
		return c.each(talksOf, func(row []driver.Value) error {
			p.Talks = append(p.Talks, words(row[0]))
			return nil
		}, string(id))
	})
	return p, err
}

// People returns everybody.
func (s people) People(ctx context.Context) (all []access.Person, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		return c.each(everybody, func(row []driver.Value) error {
			id := access.PersonID(words(row[0]))
			if len(all) == 0 || all[len(all)-1].ID != id {
				all = append(all, access.Person{ID: id, Name: words(row[1])})
			}
			if row[2] != nil {
				p := &all[len(all)-1]
				p.Talks = append(p.Talks, words(row[2]))
			}
			return nil
		})
	})
	return all, err
}

// Join adds talks to those of a person.
func (s people) Join(ctx context.Context, id access.PersonID, talks string) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		if err := mustBeThere(c, id); err != nil {
			return err
		}
		_, err := c.exec(addTalks, string(id), talks)
		return err
	}})
}

func mustBeThere(c *conn, id access.PersonID) error {
	row, err := c.one(findPerson, string(id))
	if err == nil && row == nil {
		return refused{access.ErrNobody}
	}
	return err
}

// Issue adds a pass.
func (s people) Issue(ctx context.Context, p access.Pass) error {
	return s.h.writing(ctx, &job{work: func(c *conn) error {
		if err := mustBeThere(c, p.Person); err != nil {
			return err
		}
		if added, err := issue(c, p); err != nil || added {
			return err
		}
		return refused{access.ErrTaken}
	}})
}

func issue(c *conn, p access.Pass) (added bool, err error) {
	n, err := c.exec(addPass, p.Digest[:], int64(p.Kind), string(p.Person), p.Purpose, p.Label,
		p.Made.UnixMicro(), p.Until.UnixMicro(), p.Seen.UnixMicro(), when(p.Used), when(p.Revoked),
		p.Place.Talks, string(p.Place.Party), string(p.Place.Role), int64(p.Means), p.Via[:], yes(p.Awaits), when(p.Confirmed), when(p.Proved))
	return n == 1, err
}

// pass makes a pass of a row of columns.
func pass(row []driver.Value) access.Pass {
	p := access.Pass{
		Kind: access.Kind(integer(row[1])), Person: access.PersonID(words(row[2])),
		Purpose: words(row[3]), Label: words(row[4]),
		Made: moment(row[5]), Until: moment(row[6]), Seen: moment(row[7]),
		Used: moment(row[8]), Revoked: moment(row[9]),
		Place: access.Place{Talks: words(row[10]), Party: seat.Party(words(row[11])), Role: seat.Role(words(row[12]))},
		Means: access.Means(integer(row[13])), Awaits: integer(row[15]) != 0,
		Confirmed: moment(row[16]), Proved: moment(row[17]),
	}
	copy(p.Digest[:], blob(row[0]))
	copy(p.Via[:], blob(row[14]))
	return p
}

// Pass returns a pass.
func (s people) Pass(ctx context.Context, d access.Digest) (p access.Pass, ok bool, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		row, err := c.one(findPass, d[:])
		if row != nil && err == nil {
			p, ok = pass(row), true
		}
		return err
	})
	return p, ok, err
}

// Passes returns all passes of a person.
func (s people) Passes(ctx context.Context, id access.PersonID) ([]access.Pass, error) {
	return s.passes(ctx, passesOf, string(id))
}

func (s people) passes(ctx context.Context, query string, args ...driver.Value) (all []access.Pass, err error) {
	err = s.h.reading(ctx, func(c *conn) error {
		return c.each(query, func(row []driver.Value) error {
			all = append(all, pass(row))
			return nil
		}, args...)
	})
	return all, err
}

// errNotGood answers inside the house that a link or a key does not work.
type errNotGood struct{}

func (errNotGood) Error() string { return "what was shown is not good" }

// Redeem uses a link up and issues the login that it turns into.
func (s people) Redeem(ctx context.Context, link access.Digest, at time.Time, login access.Pass) (bool, error) {
	return s.ifGood(ctx, func(c *conn) error {
		n, err := c.exec(useLink, at.UnixMicro(), link[:], string(login.Person), at.UnixMicro())
		if err != nil {
			return err
		}
		if n == 0 {
			return refused{errNotGood{}}
		}
		return issueNew(c, login)
	})
}

// ifGood has f entered; where f says that what it was asked about is not good
// it answers false.
func (s people) ifGood(ctx context.Context, f work) (bool, error) {
	err := s.h.writing(ctx, &job{work: f})
	if err == (errNotGood{}) {
		return false, nil
	}
	return err == nil, err
}

// issueNew issues a pass of which there can be none yet.
func issueNew(c *conn, p access.Pass) error {
	added, err := issue(c, p)
	if err == nil && !added {
		return access.ErrTaken
	}
	return err
}

// Seen moves the last use of a pass forward.
func (s people) Seen(ctx context.Context, d access.Digest, at time.Time) error {
	_, err := s.enter(ctx, seePass, at.UnixMicro(), d[:])
	return err
}

// Revoke marks a pass as revoked.
func (s people) Revoke(ctx context.Context, d access.Digest, at time.Time) error {
	_, err := s.enter(ctx, revokePass, at.UnixMicro(), d[:])
	return err
}

// RevokeAll marks all passes and passkeys of a person as revoked, and deletes
// their identities.
func (s people) RevokeAll(ctx context.Context, id access.PersonID, at time.Time) (n int64, err error) {
	err = s.h.writing(ctx, &job{work: func(c *conn) error {
		if _, err := c.exec(revokeKeys, at.UnixMicro(), string(id)); err != nil {
			return err
		}
		if _, err := c.exec(disownAll, string(id)); err != nil {
			return err
		}
		n, err = c.exec(revokeAll, at.UnixMicro(), string(id))
		return err
	}})
	return n, err
}

// Sweep deletes the passes that ran out before a time.
func (s people) Sweep(ctx context.Context, before time.Time) (int64, error) {
	return s.enter(ctx, sweepPasses, before.UnixMicro())
}
