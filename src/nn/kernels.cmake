# One source of kernels, built for several instruction sets; src/nn/cpu.cpp chooses at run time.
set(kernels ${CMAKE_SOURCE_DIR}/src/nn/kernels)
target_sources(rp_nn PRIVATE ${kernels}/kernels_generic.cpp)
# errno and floating-point exceptions are never looked at; values stay the same.
set(kernel_options -O3 -fno-math-errno -fno-trapping-math)
set_source_files_properties(${kernels}/kernels_generic.cpp PROPERTIES COMPILE_OPTIONS "${kernel_options}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_sources(rp_nn PRIVATE ${kernels}/kernels_avx2.cpp ${kernels}/kernels_avx_vnni.cpp ${kernels}/kernels_avx512.cpp
    ${kernels}/kernels_amx.cpp)
  set_source_files_properties(${kernels}/kernels_avx2.cpp PROPERTIES COMPILE_OPTIONS "${kernel_options};-mavx2;-mfma")
  set_source_files_properties(${kernels}/kernels_avx_vnni.cpp PROPERTIES COMPILE_OPTIONS "${kernel_options};-mavx2;-mfma;-mavxvnni")
  # g++ 12 warns inside its own AVX-512 header (its bug 105593).
  set(avx512_options "${kernel_options};-Wno-uninitialized;-Wno-maybe-uninitialized;-mavx2;-mfma;-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mavx512vnni;-mprefer-vector-width=512")
  set_source_files_properties(${kernels}/kernels_avx512.cpp PROPERTIES COMPILE_OPTIONS "${avx512_options}")
  set_source_files_properties(${kernels}/kernels_amx.cpp PROPERTIES COMPILE_OPTIONS "${avx512_options};-mamx-tile;-mamx-int8")
endif()
