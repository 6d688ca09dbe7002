package main

import (
	"context"
	"net"

	"github.com/spf13/cobra"

	"parley/internal/access"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// serve serves a house.
func (t *terminal) serve() *cobra.Command {
	var dir, addr, url string
	var l listening
	var proxy bool
	var measure float64
	c := &cobra.Command{
		Use:   "serve --data DIR",
		Short: "Serve a house: pages for people, the API for programs",
		Long: `Serve a house until you stop it (Ctrl-C), and let what is under way come to its
end. Until talks have been convened, it prints one link at its start: send it to
the person who will convene them. It works once, for 72 hours. Everybody else is
invited from within, and there is no password.

Only this machine can reach the server unless you say otherwise. To let others
in, give a certificate (--cert, --key), or put a proxy that ends TLS before it
and say so (--behind-tls); without TLS anybody on the network could read along.

One server at a time writes to a house. Beside it, parley read, export, verify,
backup and people work on the same directory.`,
		Example: "  parley serve --data house\n  parley serve --data house --addr :443 --cert c.pem --key k.pem --url https://talks.example",
		Args:    t.noArgs,
	}
	f := c.Flags()
	f.StringVar(&dir, "data", "", "the house's `directory`; see parley init")
	f.StringVar(&addr, "addr", "localhost:8420", "`host:port` to listen on")
	f.StringVar(&url, "url", "", "the `address` that people use, for links; by default that of --addr")
	f.StringVar(&l.cert, "cert", "", "`file` with the TLS certificate")
	f.StringVar(&l.key, "key", "", "`file` with its key")
	f.Float64Var(&measure, "measure", 20, "acts a `second` that one person may submit for long, with ten times as many at once; 0 for any number (rule 53)")
	f.BoolVar(&proxy, "behind-tls", false, "something before this server ends TLS")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		l.secure = proxy || l.cert != ""
		if (l.cert == "") != (l.key == "") {
			return no(ruling.Invalid, "cli.cert-and-key")
		}
		if host, _, err := net.SplitHostPort(addr); !l.secure && (err != nil || !loopback(host)) {
			return no(ruling.Invalid, "cli.needs-tls", "Addr", addr)
		}
		h, err := t.open(dir, opening{command: "parley serve", log: t.log(), quota: secretariat.Quota{PerSecond: measure, Burst: int(10 * measure)}})
		if err != nil {
			return err
		}
		defer func() {
			if closing := h.close(); err == nil {
				err = closing
			}
		}()
		if l.listener, err = net.Listen("tcp", addr); err != nil {
			return no(ruling.Fault, "cli.cannot-listen", "Addr", addr, "Why", err.Error())
		}
		if url == "" {
			url = addressOf(l.listener, l.cert != "")
		}
		l.link = linksTo(url)
		if err := t.welcome(c.Context(), h, dir, url, l.link); err != nil {
			return err
		}
		return t.serveHouse(c.Context(), h, l)
	}
	return c
}

// addressOf is the address of a server as this machine reaches it.
func addressOf(l net.Listener, tls bool) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	scheme := "http"
	if tls {
		scheme = "https"
	}
	return scheme + "://localhost:" + port
}

// welcome says where the house is, and gives out the first link if need be.
func (t *terminal) welcome(ctx context.Context, h *house, dir, url string, link linker) error {
	token, p, talks, needed, err := h.firstLink(ctx)
	if err != nil {
		return err
	}
	if t.json {
		hello := struct {
			URL  string `json:"url"`
			Link string `json:"link,omitempty"` // the first, for whoever will convene
		}{URL: url}
		if needed {
			hello.Link = link(token)
		}
		return t.show(hello)
	}
	t.say("cli.serving", "Dir", dir, "URL", url)
	if needed {
		t.say("cli.first-link", "Name", p.Name, "Talks", talks, "Link", link(token))
	}
	return nil
}

// firstLink makes the link of the person who will convene the first talks, as
// long as nothing has been convened and they have not come in. What was made
// for them before is taken away.
func (h *house) firstLink(ctx context.Context) (link access.Token, p access.Person, talks string, needed bool, err error) {
	records, err := h.store.Log().Names(ctx, "")
	if err != nil || len(records) > 0 {
		return link, p, "", false, err
	}
	people, err := h.door.People(ctx)
	if err != nil || len(people) != 1 || len(people[0].Talks) == 0 {
		return link, p, "", false, err
	}
	p, talks = people[0], people[0].Talks[0]
	passes, err := h.door.Passes(ctx, p.ID)
	if err != nil {
		return link, p, talks, false, err
	}
	for _, pass := range passes {
		if pass.Kind == access.Login {
			return link, p, talks, false, nil
		}
	}
	if err := h.door.RevokeAll(ctx, p.ID); err != nil {
		return link, p, talks, false, err
	}
	link, _, err = h.door.Invite(ctx, p.ID, secretariat.ConvenePurpose(talks))
	return link, p, talks, err == nil, err
}
