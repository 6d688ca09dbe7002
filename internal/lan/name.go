package lan

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/pion/logging"
	"github.com/pion/mdns/v2"
	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/ipv4"
)

// Announced reports whether a name is one that devices ask the local network
// for themselves (RFC 6762). Any other must stand in the router's own list.
func Announced(host string) bool { return strings.HasSuffix(host, ".local") }

// Answer has the house answer to its name on the local network until the
// function that it returns is called. It answers for a name in .local only.
//
// The answering is pion/mdns: MIT, kept by those who keep Pion's WebRTC, and
// small. What would replace it is a hundred lines over dnsmessage.
func (a *Authority) Answer(address net.IP) (stop func() error, err error) {
	if !Announced(a.host) {
		return nil, fmt.Errorf("%s is not found by itself: have it entered as %s in the router, or use a name that ends in .local", a.host, address)
	}
	group, err := net.ResolveUDPAddr("udp4", mdns.DefaultAddressIPv4)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp4", group)
	if err != nil {
		return nil, fmt.Errorf("answering to %s on the local network: %w", a.host, err)
	}
	quietly := logging.NewDefaultLoggerFactory()
	quietly.DefaultLogLevel = logging.LogLevelDisabled
	server, err := mdns.NewServer(ipv4.NewPacketConn(conn), nil, mdns.WithLocalNames(a.host), mdns.WithLocalAddress(address),
		mdns.WithIncludeLoopback(true), mdns.WithLoggerFactory(quietly), mdns.WithRecordTypes(dnsmessage.TypeA, dnsmessage.TypeAAAA))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("answering to %s on the local network: %w", a.host, err), conn.Close())
	}
	return server.Close, nil
}

// Addresses returns the addresses by which guests on the local network can
// reach this machine: IPv4, private, of an interface that is up.
func Addresses() ([]net.IP, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("looking for this machine's addresses: %w", err)
	}
	var list []net.IP
	for _, x := range all {
		if n, ok := x.(*net.IPNet); ok && n.IP.To4() != nil && (n.IP.IsPrivate() || n.IP.IsLinkLocalUnicast()) {
			list = append(list, n.IP.To4())
		}
	}
	return list, nil
}
