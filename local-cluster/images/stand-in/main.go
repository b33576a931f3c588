// stand-in takes a service's place where its image can't be had: it listens on
// the service's ports, answers its probes, and keeps records on its volume.
// What it is told comes from the image's own environment; arguments are ignored.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type settings struct {
	service  string
	http     string
	tcp      []string
	probes   []string
	data     string
	writable []string
	logFile  string
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	s := settings{
		service:  os.Getenv("STAND_IN_SERVICE"),
		http:     os.Getenv("STAND_IN_HTTP"),
		tcp:      strings.Fields(os.Getenv("STAND_IN_TCP")),
		probes:   strings.Fields(os.Getenv("STAND_IN_PROBES")),
		data:     os.Getenv("STAND_IN_DATA"),
		writable: strings.Fields(os.Getenv("STAND_IN_WRITABLE")),
		logFile:  os.Getenv("STAND_IN_LOG"),
	}
	if name := os.Getenv("STAND_IN_PROCESS"); name != "" {
		os.Exit(supervise("/usr/bin/" + name))
	}
	if err := run(s); err != nil {
		log.Fatalf("stand-in for %s: %v", s.service, err)
	}
}

func run(s settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	for _, directory := range append([]string{s.data}, s.writable...) {
		if err := probeWritable(directory); err != nil {
			return err
		}
	}
	store, err := openRecords(s.data)
	if err != nil {
		return err
	}
	accessLog, err := openLog(s.logFile)
	if err != nil {
		return err
	}
	for _, port := range s.tcp {
		if err := hold(port); err != nil {
			return err
		}
	}
	return serve(ctx, s, handler(s, store, accessLog))
}

func serve(ctx context.Context, s settings, h http.Handler) error {
	listener, err := net.Listen("tcp", ":"+s.http)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Printf("stand-in for %s: keeps records in %s, http on %s, also listens on %v", s.service, s.data, s.http, s.tcp)

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(finish); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	log.Printf("stand-in for %s: ended", s.service)
	return nil
}

// hold accepts connections of another protocol and ends them: enough for a probe.
func hold(port string) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			connection.Close()
		}
	}()
	return nil
}

// openLog is the service's own log file, or nothing where it has none.
func openLog(file string) (*log.Logger, error) {
	if file == "" {
		return log.Default(), nil
	}
	opened, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return nil, err
	}
	return log.New(opened, "", log.LstdFlags|log.LUTC), nil
}
