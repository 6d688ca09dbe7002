package main

import (
	"context"
	"io"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"parley/internal/api"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// A place is where the talks are that a verb works on: a data directory
// (directory, below) or a server (server.go). Both speak the forms of the API.
type place interface {
	enter(ctx context.Context, talks, act string, fields map[string][]string, request string) (api.Entered, error)
	read(ctx context.Context, talks, record string, after int64) iter.Seq2[api.Entry, error]
	records(ctx context.Context, talks string) (api.Records, error)
	export(ctx context.Context, talks string, w io.Writer) error
	close() error
}

// whereabouts are the flags that say where a verb works, and as whom.
type whereabouts struct {
	data, server, tokenFile, as, url string
}

func (w *whereabouts) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&w.data, "data", "", "the house's data `directory`")
	f.StringVar(&w.server, "server", "", "`address` of a server, such as https://parley.example")
	f.StringVar(&w.tokenFile, "token-file", "", "`file` with the token for the server; or set PARLEY_TOKEN")
	f.StringVar(&w.as, "as", "", "with --data: the `person` for whom, by id or name; see parley people")
}

// place opens the place that the flags say.
func (t *terminal) place(ctx context.Context, w whereabouts, o opening) (place, error) {
	switch {
	case (w.data == "") == (w.server == ""):
		return nil, no(ruling.Invalid, "cli.data-or-server")
	case w.server != "" && w.as != "":
		return nil, no(ruling.Invalid, "cli.as-with-server")
	case w.server != "":
		return t.connect(w)
	}
	h, err := t.open(w.data, o)
	if err != nil {
		return nil, err
	}
	d := &directory{house: h, t: t, link: linksTo(w.url)}
	if w.as == "" {
		return d, nil
	}
	p, err := h.find(ctx, w.as)
	if err != nil {
		h.close()
		return nil, err
	}
	d.who = seat.Person(p.ID)
	d.named = p.Talks
	return d, nil
}

// A directory is a place that is a data directory. What is entered here is
// marked as typed at the console.
type directory struct {
	*house
	t     *terminal
	who   seat.Person // empty: whoever reads the public record
	named []string    // ids of talks that they were named in
	link  linker
}

// caller is the person for whom the operator types. Whoever was named in talks
// that are not convened yet may convene them.
func (d *directory) caller(talks string) secretariat.Caller {
	c := secretariat.Caller{Person: d.who, Console: true}
	if slices.Contains(d.named, talks) {
		c.Convenes = talks
	}
	return c
}

func (d *directory) enter(ctx context.Context, talks, act string, fields map[string][]string, request string) (api.Entered, error) {
	who := d.caller(talks)
	if who.Person == "" {
		return api.Entered{}, no(ruling.Invalid, "cli.needs-as")
	}
	answer, link, err := d.desk.Welcome(ctx, d.door, talks, who, act, fields, request)
	teller, unknown := api.NewTeller(ctx, d.desk, d.t.book, talks, who, "")
	if err != nil && unknown == nil {
		err = api.Told{Err: err, Reader: teller.Reader()}
	}
	if err != nil {
		return api.Entered{}, err
	}
	if unknown != nil {
		return api.Entered{}, unknown
	}
	out, err := teller.Entered(answer)
	if link != nil {
		out.Link = d.link(*link)
		out.Person = fields["person"][0]
	}
	return out, err
}

func (d *directory) read(ctx context.Context, talks, which string, after int64) iter.Seq2[api.Entry, error] {
	return func(yield func(api.Entry, error) bool) {
		who := d.caller(talks)
		name, err := api.NameOf(talks, which)
		var teller api.Teller
		if err == nil {
			teller, err = api.NewTeller(ctx, d.desk, d.t.book, talks, who, "")
		}
		if err != nil {
			yield(api.Entry{}, err)
			return
		}
		for seen, err := range d.desk.Read(ctx, talks, who, name, after) {
			var e api.Entry
			if err == nil {
				e, err = teller.Entry(seen)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (d *directory) records(ctx context.Context, talks string) (api.Records, error) {
	return api.RecordsOf(ctx, d.desk, talks, d.caller(talks))
}

func (d *directory) export(ctx context.Context, talks string, w io.Writer) error {
	return d.desk.Export(ctx, talks, d.caller(talks), w)
}
