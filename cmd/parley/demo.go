package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/access"
	"parley/internal/ruling"
	"parley/internal/script"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// istanbul is the play of the meeting of 16 May 2025, and of the practice
// meeting that is left open for the visitor.
//
//go:embed demo/istanbul.talks
var istanbul string

// istanbulID is the id of the talks that the demo plays.
const istanbulID = "istanbul"

// places are where a visitor may sit down: the name before .localhost, and who
// of the cast sits there.
var places = []struct{ host, cast, role string }{
	{"mediator", "desk", "mediator"},
	{"chair", "fidan", "chair"},
	{"host", "host", "host"},
	{"russia", "medinsky", "head"},
	{"ukraine", "umerov", "head"},
	{"capital-russia", "moscow", "capital"},
	{"capital-ukraine", "kyiv", "capital"},
	{"observer", "observer", "observer"},
}

// demo plays a meeting and leaves the visitor at the table.
func (t *terminal) demo() *cobra.Command {
	var dir, addr string
	var pace time.Duration
	c := &cobra.Command{
		Use:   "demo",
		Short: "See it: the Istanbul meeting of 16 May 2025, then a seat at the table for you",
		Long: `Play the meeting of Ukraine and Russia in Istanbul on 16 May 2025, as far as one
report of the day tells it, on a house of its own; then open a practice meeting
in which you go on: take the floor, raise a point of order, adjourn.

It prints a link for every role. Each has a name of its own (chair.localhost,
russia.localhost, …), so that several can sit side by side in one browser. The
house's clock begins on the day of the meeting and runs on from there.

Without --data everything is gone when you stop it (Ctrl-C).`,
		Example: "  parley demo\n  parley demo --pace 3s",
		Args:    t.noArgs,
	}
	c.Flags().StringVar(&dir, "data", "", "a new `directory` to keep the demo's house in")
	c.Flags().StringVar(&addr, "addr", "localhost:8421", "`host:port` to listen on")
	c.Flags().DurationVar(&pace, "pace", 0, "play live, a scene every so often, such as 3s")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		if host, _, err := net.SplitHostPort(addr); err != nil || !loopback(host) {
			return no(ruling.Invalid, "cli.demo-stays-here", "Addr", addr)
		}
		if dir == "" {
			if dir, err = os.MkdirTemp("", "parley-demo-"); err != nil {
				return err
			}
			defer os.RemoveAll(dir)
		}
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			return no(ruling.Fault, "cli.cannot-listen", "Addr", addr, "Why", err.Error())
		}
		clock := &movedClock{real: t.now}
		h, err := t.found(c.Context(), dir, "istanbul.localhost", "Mediation desk", istanbulID, opening{command: "parley demo", now: clock.now, log: t.log()})
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer func() { err = errors.Join(err, h.close()) }()
		return t.runDemo(c.Context(), h, clock, listener, pace)
	}
	return c
}

// runDemo plays before anybody can look, or, at a pace, while they do.
func (t *terminal) runDemo(ctx context.Context, h *house, clock *movedClock, listener net.Listener, pace time.Duration) error {
	p := &player{house: h, clock: clock, cast: map[string]access.Person{}}
	scenes := script.Scenes(istanbul)
	if err := p.enrol(ctx, scenes); err != nil {
		return err
	}
	if pace == 0 {
		for _, s := range scenes {
			if err := p.play(ctx, s); err != nil {
				return err
			}
		}
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if err := t.seatVisitors(ctx, p, port); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if pace > 0 {
		go func() {
			if err := p.playAt(ctx, scenes, pace); err != nil && ctx.Err() == nil {
				stop(err)
			}
		}()
	}
	l := listening{listener: listener, link: linksTo("http://localhost:" + port)}
	err := t.serveHouse(ctx, h, l)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return errors.Join(cause, err)
	}
	return err
}

// seatVisitors prints a link for every place.
func (t *terminal) seatVisitors(ctx context.Context, p *player, port string) error {
	type chair struct {
		Role string `json:"role"`
		Name string `json:"name,omitempty"`
		Link string `json:"link"`
	}
	var chairs []chair
	for _, place := range places {
		person := p.cast[place.cast]
		link, _, err := p.house.door.Invite(ctx, person.ID, "")
		if err != nil {
			return err
		}
		chairs = append(chairs, chair{place.host, person.Name, linksTo("http://" + place.host + ".localhost:" + port)(link)})
	}
	chairs = append(chairs, chair{"press", "", "http://press.localhost:" + port + "/talks/" + istanbulID + "/press"})
	if t.json {
		return t.show(chairs)
	}
	t.say("cli.demo-intro", "Time", p.clock.now().In(p.zone).Format("2 January 2006, 15:04"))
	for _, c := range chairs {
		fmt.Fprintf(t.out, "  %-16s %-18s %s\n", c.Role, c.Name, c.Link)
	}
	t.say("cli.demo-practice")
	return nil
}

// A movedClock shows another time than the real one, and runs as fast.
type movedClock struct {
	real func() time.Time
	mu   sync.Mutex
	by   time.Duration
}

func (c *movedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.real().Add(c.by)
}

// set sets the clock, which never goes back once it has been set.
func (c *movedClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by := at.Sub(c.real()); c.by == 0 || by > c.by {
		c.by = by
	}
}

// A player plays a script at the desk of a house.
type player struct {
	house *house
	clock *movedClock
	zone  *time.Location
	first string                   // who holds the first link
	cast  map[string]access.Person // by the name they have in the script
}

// enrol enrols everybody to whom the script gives a name, and sets the clock
// to where it begins. The house knows whoever convenes already.
func (p *player) enrol(ctx context.Context, scenes []script.Scene) error {
	p.zone = time.UTC
	for _, s := range scenes {
		if name, ok := directed(s.Line, "first-link"); ok {
			people, err := p.house.door.People(ctx)
			if err != nil {
				return err
			}
			p.first, p.cast[name] = name, people[0]
		}
		cue, _ := script.ParseCue(s.Line)
		if cue.Verb == "convene" {
			zone, err := time.LoadLocation(one(cue.Fields["zone"]))
			if err != nil {
				return err
			}
			p.zone = zone
		}
		if name := one(cue.Fields["person"]); name != "" {
			person, err := p.house.door.Enrol(ctx, one(cue.Fields["name"]), istanbulID)
			if err != nil {
				return fmt.Errorf("line %d of the play: %w", s.At, err)
			}
			p.cast[name] = person
		}
	}
	return nil
}

func one(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// directed reads a stage direction of a given word.
func directed(line, word string) (string, bool) {
	if _, ok := script.ParseCue(line); ok {
		return "", false
	}
	if len(line) > len(word) && line[:len(word)+1] == word+" " {
		return line[len(word)+1:], true
	}
	return "", false
}

// playAt plays the scenes one after the other, with a pause after each.
func (p *player) playAt(ctx context.Context, scenes []script.Scene, pace time.Duration) error {
	for _, s := range scenes {
		if err := p.play(ctx, s); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pace):
		}
	}
	return nil
}

// play plays one scene. A refusal ends the play: it is written to go well.
func (p *player) play(ctx context.Context, s script.Scene) error {
	if to, ok := directed(s.Line, "clock"); ok {
		at, err := script.Clock(p.clock.now().In(p.zone), to)
		if err == nil {
			p.clock.set(at)
		}
		return err
	}
	cue, ok := script.ParseCue(s.Line)
	if !ok || cue.Verb == "read" {
		return nil
	}
	if name := one(cue.Fields["person"]); name != "" {
		cue.Fields["person"] = []string{string(p.cast[name].ID)}
	}
	act, err := secretariat.Acts.FromWords(cue.Verb, cue.Fields)
	if err == nil {
		who := secretariat.Caller{Person: seat.Person(p.cast[cue.Who].ID)}
		if cue.Who == p.first {
			who.Convenes = istanbulID
		}
		_, err = p.house.desk.Submit(ctx, istanbulID, who, secretariat.Submission{Act: act})
	}
	if err != nil {
		return fmt.Errorf("line %d of the play: %w", s.At, err)
	}
	return nil
}
