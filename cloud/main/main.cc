#include "cloud/main/program.h"

int main(int argc, char** argv) { return platen::command::run(platen::cloud::cloud_program(), argc, argv); }
