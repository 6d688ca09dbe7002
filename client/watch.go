package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	mostLine  = 16 << 20               // bytes of one event
	silence   = 50 * time.Second       // without a sign: the house gives one every 15 seconds
	firstWait = 250 * time.Millisecond // before a broken stream is asked for again
	longest   = 15 * time.Second       // between two attempts
)

// Watch yields the entries of a record behind number after, and then goes on
// live until the context ends. When the connection breaks, or is silent for too
// long, it comes back and goes on where it was; no entry is given twice or left
// out. Entries that are not for people, such as anchors, are left out.
//
// It ends with an error when the house says no, as it does to somebody who may
// no longer read, when there was no connection to begin with, and when the
// context ends.
func (h *House) Watch(ctx context.Context, talks, record string, after int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		s := stream{house: h, talks: talks, record: record, last: after}
		pause := firstWait
		for {
			before := s.last
			err := s.follow(ctx, yield)
			var no *Problem
			switch {
			case errors.Is(err, errStopped):
				return
			case ctx.Err() != nil:
				yield(Entry{}, ctx.Err())
				return
			case !s.connected, errors.As(err, &no) && no.Kind != Fault:
				yield(Entry{}, err)
				return
			}
			if pause *= 2; s.last > before {
				pause = firstWait
			}
			if pause = min(pause, longest); !wait(ctx, pause) {
				yield(Entry{}, ctx.Err())
				return
			}
		}
	}
}

var errStopped = errors.New("whoever reads has had enough")

// A stream is where a reader is.
type stream struct {
	house         *House
	talks, record string
	last          int64 // number of the last entry that was yielded
	connected     bool  // there was a connection once
}

// follow reads one connection to its end.
func (s *stream) follow(ctx context.Context, yield func(Entry, error) bool) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	header := http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {strconv.FormatInt(s.last, 10)}}
	answer, err := s.house.ask(ctx, http.MethodGet, []string{"api", "talks", s.talks, "stream"}, url.Values{"record": {s.record}}, nil, header)
	if err != nil {
		return err
	}
	s.connected = true
	defer answer.Body.Close()
	alarm := time.AfterFunc(silence, hangUp)
	defer alarm.Stop()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(make([]byte, 64<<10), mostLine)
	var event event
	for lines.Scan() {
		alarm.Reset(silence)
		whole, err := event.line(lines.Text())
		if err != nil {
			return err
		}
		if !whole || event.entry.Number <= s.last {
			continue
		}
		event.entry.Record = s.name()
		if !yield(event.entry, nil) {
			return errStopped
		}
		s.last = event.entry.Number
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.EOF
}

// name is the full name of the record, which the stream does not repeat.
func (s *stream) name() string {
	switch s.record {
	case "", Joint:
		return s.talks + "/" + Joint
	case Public:
		return s.talks + "/" + Public
	}
	return s.record
}

// An event is a server-sent event as its lines come in.
type event struct {
	data  []byte
	entry Entry
}

// line takes in a line. It reports true at the end of an event, whose entry is
// then there.
func (e *event) line(text string) (bool, error) {
	if data, ok := strings.CutPrefix(text, "data:"); ok {
		e.data = append(append(e.data, strings.TrimPrefix(data, " ")...), '\n')
		return false, nil
	}
	if text != "" || len(e.data) == 0 { // id and event say what the data says; others are for browsers
		return false, nil
	}
	e.entry = Entry{}
	err := json.Unmarshal(e.data, &e.entry)
	e.data = nil
	if err != nil {
		return false, fmt.Errorf("the house sent what is no entry: %w", err)
	}
	return true, nil
}
