package main

import (
	"errors"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// supervise is a first process that isn't the server, as many images have one:
// it starts this program by the server's name, passes on that it shall end, and
// returns its exit code.
func supervise(program string) int {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	server := exec.Command(program)
	server.Env = without(os.Environ(), "STAND_IN_PROCESS=")
	server.Stdout, server.Stderr = os.Stdout, os.Stderr
	if err := server.Start(); err != nil {
		log.Print(err)
		return 1
	}
	go func() {
		for received := range told {
			server.Process.Signal(received)
		}
	}()
	err := server.Wait()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended) && ended.Exited():
		return ended.ExitCode()
	}
	log.Print(err)
	return 1
}

func without(variables []string, prefix string) []string {
	kept := []string{}
	for _, variable := range variables {
		if !strings.HasPrefix(variable, prefix) {
			kept = append(kept, variable)
		}
	}
	return kept
}
