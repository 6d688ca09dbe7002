package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/docs"
	"parley/internal/api"
	"parley/internal/web"
)

// A listening is how a house is reached.
type listening struct {
	listener  net.Listener
	link      linker
	secure    bool   // browsers come over TLS
	cert, key string // files, if this server itself speaks TLS
}

// login reads the cookie that the pages have given a browser.
func (l listening) login(r *http.Request) string {
	c, err := r.Cookie(web.CookieName(l.secure || r.TLS != nil))
	if err != nil {
		return ""
	}
	return c.Value
}

// How long a client may take. Streams and bundles set deadlines of their own,
// piece by piece.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
	goodbye    = 5 * time.Second // for what is under way when the server stops
)

// handler puts API and pages before a house.
func (t *terminal) handler(h *house, l listening, closing <-chan struct{}) http.Handler {
	log := t.log()
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(api.House{Desk: h.desk, Door: h.door, Book: t.book, Login: l.login, Link: l.link, Log: log, Closing: closing}))
	mux.Handle("/", web.New(web.Site{Desk: h.desk, Door: h.door, Book: t.book, Rand: t.rand, Rules: docs.Rules, Secure: l.secure, Closing: closing,
		Fault: func(err error) { log.Error("a page could not be shown", "why", err) }}))
	return mux
}

// serveHouse serves a house until the context ends; then it lets what is under
// way come to its end. The desk's clock runs meanwhile.
func (t *terminal) serveHouse(ctx context.Context, h *house, l listening) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{
		Handler:           t.handler(h, l, ctx.Done()),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(t.log().Handler(), slog.LevelInfo),
	}
	clock := make(chan error, 1)
	go func() { clock <- h.desk.Run(ctx) }()
	go h.sweep(ctx)
	served := make(chan error, 1)
	go func() {
		if l.cert != "" {
			served <- server.ServeTLS(l.listener, l.cert, l.key)
		} else {
			served <- server.Serve(l.listener)
		}
	}()
	var err error
	select {
	case err = <-served: // it cannot listen any more
	case <-ctx.Done():
		// The context has ended; those who are being answered have a while yet.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		if err = server.Shutdown(last); err != nil {
			err = errors.Join(err, server.Close())
		}
	}
	stop()
	if late := <-clock; !errors.Is(late, context.Canceled) { // stopped before it had begun
		err = errors.Join(err, late)
	}
	return err
}

// sweep forgets passes that ran out long ago, once a day.
func (h *house) sweep(ctx context.Context) {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-day.C:
			_, _ = h.door.Sweep(ctx) // tomorrow is as good
		}
	}
}
