#include "agent/cli/program.h"

int main(int argc, char** argv) { return platen::command::run(platen::cli::program(), argc, argv); }
