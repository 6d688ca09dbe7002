package web

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/internal/access"
	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A newcomer has just been given a seat. Their link is shown once, to whoever
// seated them.
type newcomer struct {
	Name string
	Path string // of the link
}

// seats reports whether an act gives a seat to somebody whom access may not know.
func seats(spec *catalogue.Spec) bool {
	return spec.Name == "accredit-list" || slices.ContainsFunc(spec.Fields, func(f catalogue.Field) bool { return f.Kind == catalogue.Person })
}

// welcome submits an act that seats people, and makes their links. Pressing
// twice shows the same links, for the second press must not lose them.
func (h *house) welcome(r *http.Request, v visit, act string, fields map[string][]string, request string) ([]newcomer, error) {
	id := r.PathValue("id")
	uploaded, err := file(r, "file")
	if err != nil {
		return nil, err
	}
	text := string(uploaded)
	key := ""
	if request != "" {
		key = strings.Join([]string{id, act, string(v.Person.ID), request, fmt.Sprint(fields), text}, "\x00")
	}
	return h.welcomes.once(key, h.Desk.Now(), func() ([]newcomer, error) {
		// Both presses wait for this, so it does not end with the first.
		ctx := context.WithoutCancel(r.Context())
		if act == "accredit-list" {
			if text != "" {
				fields["list"] = []string{text}
			}
			return h.welcomeList(ctx, id, v.caller(), fields, request)
		}
		_, link, err := h.Desk.Welcome(ctx, h.Door, id, v.caller(), act, fields, request)
		if err != nil || link == nil {
			return nil, err
		}
		return []newcomer{{strings.Join(fields["name"], ""), LinkPath(*link)}}, nil
	})
}

// welcomeList accredits a list in which people may have no id yet: columns
// name, rank, offices and powers, with person before them or without. The act
// is ruled on first with ids that stand for theirs, so that nobody is enrolled
// for a list that is refused.
func (h *house) welcomeList(ctx context.Context, id string, who secretariat.Caller, fields map[string][]string, request string) ([]newcomer, error) {
	rows, err := readList(strings.Join(fields["list"], ""))
	if err != nil {
		return nil, err
	}
	party := seat.Party(strings.Join(fields["party"], ""))
	trial := talks.AccreditList{Party: party, List: writeList(rows, func(i int) string { return fmt.Sprintf("newcomer-%d", i) })}
	err = h.Desk.Look(ctx, id, who, func(s secretariat.Sight) error {
		if s.Talks == nil {
			return ruling.Nothing()
		}
		_, err := s.Talks.Decide(trial, s.Seat, s.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	people := make([]access.PersonID, len(rows))
	for i, row := range rows {
		if people[i] = access.PersonID(row[0]); row[0] == "" {
			p, err := h.Door.Enrol(ctx, row[1], id)
			if err != nil {
				return nil, err
			}
			people[i] = p.ID
		}
	}
	act := talks.AccreditList{Party: party, List: writeList(rows, func(i int) string { return string(people[i]) })}
	if _, err := h.Desk.Submit(ctx, id, who, secretariat.Submission{Act: act, Request: request}); err != nil {
		return nil, err
	}
	return h.invite(ctx, rows, people)
}

// invite makes the links of those who had no id.
func (h *house) invite(ctx context.Context, rows [][]string, people []access.PersonID) (list []newcomer, err error) {
	for i, row := range rows {
		if row[0] != "" {
			continue
		}
		link, _, err := h.Door.Invite(ctx, people[i], "")
		if err != nil {
			return nil, err
		}
		list = append(list, newcomer{row[1], LinkPath(link)})
	}
	return list, nil
}

const listHead = "person,name,rank,offices,powers"

// readList reads rows of person, name, rank, offices and powers. What is wrong
// with them, the act says; here the column of persons is filled in where it is
// left out.
func readList(text string) ([][]string, error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff") // spreadsheets begin files so
	head, _, _ := strings.Cut(text, "\n")
	short := strings.TrimSpace(head) == strings.TrimPrefix(listHead, "person,")
	in := csv.NewReader(strings.NewReader(text))
	in.TrimLeadingSpace = true
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 || !short && strings.TrimSpace(head) != listHead {
		return nil, ruling.No(ruling.Invalid, 6, "list-line", "Line", 1, "Why", phrasebook.Term("refusal.list-columns"))
	}
	rows = rows[1:]
	if short {
		for i := range rows {
			rows[i] = append([]string{""}, rows[i]...)
		}
	}
	return rows, nil
}

func writeList(rows [][]string, person func(int) string) string {
	var b strings.Builder
	out := csv.NewWriter(&b)
	_ = out.Write(strings.Split(listHead, ","))
	for i, row := range rows {
		row = slices.Clone(row)
		if row[0] == "" {
			row[0] = person(i)
		}
		_ = out.Write(row)
	}
	out.Flush()
	return b.String()
}

// welcomes remembers, for a few minutes, the links that a request led to.
type welcomes struct {
	mu   sync.Mutex
	made map[string]*welcomed
}

type welcomed struct {
	do   sync.Once
	at   time.Time
	list []newcomer
	err  error
}

const rememberFor = 5 * time.Minute

func newWelcomes() *welcomes { return &welcomes{made: map[string]*welcomed{}} }

// once does what a request asks for, the first time it is asked for.
func (w *welcomes) once(key string, now time.Time, do func() ([]newcomer, error)) ([]newcomer, error) {
	if key == "" {
		return do()
	}
	w.mu.Lock()
	for k, x := range w.made {
		if now.Sub(x.at) > rememberFor {
			delete(w.made, k)
		}
	}
	x := w.made[key]
	if x == nil {
		x = &welcomed{at: now}
		w.made[key] = x
	}
	w.mu.Unlock()
	x.do.Do(func() { x.list, x.err = do() })
	if x.err != nil { // a refusal is ruled on anew
		w.mu.Lock()
		delete(w.made, key)
		w.mu.Unlock()
	}
	return x.list, x.err
}

// A welcomeView shows the links of newcomers, once.
type welcomeView struct {
	frame
	Newcomers []newcomerLine
	Back      string
}

type newcomerLine struct{ Name, Link string }

func (h *house) showWelcome(w http.ResponseWriter, r *http.Request, v visit, list []newcomer, back string) error {
	scheme := "http"
	if h.secure(r) {
		scheme = "https"
	}
	var p welcomeView
	err := h.seated(r, v, func(s secretariat.Sight) error {
		p.frame = h.frame(h.voiceAt(s), s, "delegations")
		return nil
	})
	if err != nil {
		return err
	}
	p.Back = back
	for _, n := range list {
		p.Newcomers = append(p.Newcomers, newcomerLine{n.Name, scheme + "://" + r.Host + n.Path})
	}
	return h.show(w, r, http.StatusOK, welcomeRoom(p))
}
