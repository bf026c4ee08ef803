// What the operating system must be told before a program prints.
#pragma once

namespace platen::command {

// Ignores SIGPIPE. A closed stdin, stdout or stderr gets a descriptor that cannot be used for it, so that no socket
// takes its number.
void prepare_standard_streams();

}  // namespace platen::command
