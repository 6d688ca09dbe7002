package secretariat

import (
	"context"
	"io"
	"iter"
	"slices"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/talks"
)

// Export writes a bundle of every record of the talks that the caller may open,
// with what is not for them as leaves alone. It verifies without the house.
func (d *Desk) Export(ctx context.Context, id string, who Caller, w io.Writer) error {
	f, err := d.file(ctx, id)
	if err != nil {
		return err
	}
	if err := f.reading(ctx); err != nil {
		return err
	}
	s, seated := f.seat(who)
	label := "public"
	if seated {
		label = "seat " + string(s.Key)
	}
	bundle := record.Bundle{Talks: id, Reader: label}
	for name, b := range f.books {
		if f.mayOpen(b, s, seated) {
			bundle.Records = append(bundle.Records, record.Extract{Name: name, Head: b.head, Entries: d.extract(ctx, id, who, name, b.head.Size)})
		}
	}
	f.mu.RUnlock()
	return d.write(w, bundle)
}

// ExportAll writes everything in the store of the talks. It is for whoever
// holds the store anyway, and for nobody else.
func (d *Desk) ExportAll(ctx context.Context, id string, w io.Writer) error {
	bundle := record.Bundle{Talks: id, Reader: "operator"}
	names, err := d.log.Names(ctx, id+"/")
	if err != nil {
		return d.told(err)
	}
	for _, name := range names {
		head, err := d.log.Head(ctx, name)
		if err != nil {
			return d.told(err)
		}
		bundle.Records = append(bundle.Records, record.Extract{Name: name, Head: head, Entries: d.log.Read(ctx, name, 0)})
	}
	return d.write(w, bundle)
}

func (d *Desk) write(w io.Writer, b record.Bundle) error {
	if len(b.Records) == 0 {
		return ruling.Nothing()
	}
	slices.SortFunc(b.Records, func(a, b record.Extract) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return d.told(record.WriteBundle(w, d.sign, b))
}

// extract yields a record's entries up to size as the caller may see them.
func (d *Desk) extract(ctx context.Context, id string, who Caller, name record.Name, size int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		for s, err := range d.Read(ctx, id, who, name, 0) {
			if err != nil {
				yield(record.Entry{}, err)
				return
			}
			if s.Number > size || !yield(record.Entry{Number: s.Number, Leaf: s.Leaf, Content: s.Content}, nil) {
				return
			}
		}
	}
}

// Phrases says an entry in the phrases of its event: the sentence, and if it
// was entered after the fact, an aside. There are none if it is withheld or
// not for people.
func (s *Seen) Phrases() (list []phrasebook.Phrase) {
	if s.Event == nil {
		return nil
	}
	if p := s.Event.Phrase(); p.Key != "" {
		list = append(list, p)
	}
	if p, ok := aside(s); ok {
		list = append(list, p)
	}
	return list
}

func aside(s *Seen) (phrasebook.Phrase, bool) {
	if len(s.Content.Header.Words) > 0 && s.Content.Words == nil {
		return phrasebook.Say("event.words-destroyed"), true
	}
	return talks.Aside(s.Event)
}
